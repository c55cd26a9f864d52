// Package driver is the program around the passes: a command line that loads
// packages in one process, and the protocol by which go vet and go fix have
// one package after another analysed.
package driver

import (
	"fmt"
	"io"
	"os"
	"strings"
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

// command runs the command line.
func (p *program) command(args []string) int {
	if len(args) > 0 {
		switch args[0] {
		case "help":
			return p.help(args[1:])
		case "version", "-version", "--version":
			return p.version()
		case "fix":
			return p.fix(args[1:])
		case "helper":
			return p.helper(args[1:])
		case "gopls":
			return p.gopls(args[1:])
		}
	}
	return p.check(args)
}

// isCommand reports whether a word that stands where packages do is a command.
func isCommand(word string) bool {
	return word == "help" || word == "version" || commandUsage[word] != ""
}

// failf reports why the run failed, in one line, and returns the exit status
// that goes with it.
func (p *program) failf(format string, args ...any) int {
	fmt.Fprintf(p.stderr, "toctou: %s\n", oneLine(fmt.Sprintf(format, args...)))
	return exitFailure
}

// oneLine joins the lines of a message.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
