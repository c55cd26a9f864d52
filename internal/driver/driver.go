// Package driver is the program around the passes: a command line that loads
// packages in one process, and the protocol by which go vet and go fix analyze one
// package after another.
package driver

import (
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/edcacfbd/toctou/internal/witness"
	"github.com/edcacfbd/toctou/internal/witness/launch"
)

// The exit statuses of the command line.
const (
	exitClean    = 0 // nothing found
	exitFindings = 1 // something found
	exitFailure  = 2 // the run failed, wholly or in part
)

// Main runs toctou with the arguments that follow the program's name, and
// returns the exit status. Called as the tool of go vet it may exit by itself.
func Main(args []string) int {
	p := &program{stdout: os.Stdout, stderr: os.Stderr}
	if calledAsTool(args) {
		return p.tool(args)
	}
	return p.command(args)
}

// A program is one run of toctou.
type program struct {
	stdout, stderr io.Writer
}

// commands returns the commands of the command line. Words that are none are packages.
func commands() map[string]func(p *program, args []string) int {
	return map[string]func(p *program, args []string) int{
		"completion": (*program).completion,
		"explain":    (*program).explain,
		"fix":        (*program).fix,
		"gopls":      (*program).gopls,
		"help":       (*program).help,
		"helper":     (*program).helper,
		"lsp":        (*program).lsp,
		"version":    (*program).version,
		"witness":    (*program).witness,
	}
}

// command runs the command line.
func (p *program) command(args []string) int {
	if len(args) > 0 {
		name := args[0]
		if name == "-version" || name == "--version" || name == "-V" {
			name = "version"
		}
		if name == witness.ExecWord {
			return launch.Main(args[1:]) // as go test -exec
		}
		if run := commands()[name]; run != nil {
			return run(p, args[1:])
		}
	}
	return p.check(args)
}

// commandNames lists the commands in alphabetical order.
func commandNames() []string { return slices.Sorted(maps.Keys(commands())) }

// isCommand reports whether a word in the place of a package is a command.
func isCommand(word string) bool { return commands()[word] != nil }

// failf reports why the run failed, in one line, and returns the exit status
// that goes with it.
func (p *program) failf(format string, args ...any) int {
	fmt.Fprintf(p.stderr, "toctou: %s\n", oneLine(fmt.Sprintf(format, args...)))
	return exitFailure
}

// oneLine joins the lines of a message.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
