package witness

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/edcacfbd/toctou/internal/witness/launch"
	"github.com/edcacfbd/toctou/internal/witness/wire"
)

// Recorded is what the tests of one package did.
type Recorded struct {
	Package *Package
	Log     *wire.Log
	Tests   map[string]string // pass, fail or skip, by test
	Problem string            // why there is nothing: the tests do not compile, for example
}

// testEvent is a line of go test -json.
type testEvent struct {
	Action, Package, ImportPath, Test, Output string
}

// errNoTest is the error where no test binary could be built or started.
var errNoTest = errors.New("no test could be run")

// record runs the tests of all packages once.
func (w *work) record(ctx context.Context) error {
	byPath := make(map[string]*Recorded)
	for _, p := range w.packages {
		r := &Recorded{Package: p, Tests: make(map[string]string)}
		byPath[p.ImportPath] = r
		w.report.Recorded = append(w.report.Recorded, r)
	}
	args := []string{"test", "-json", "-vet=off", "-count=1", "-timeout=0", "-trimpath=false",
		"-overlay=" + w.overlay, "-exec=" + quoted(w.self) + " " + ExecWord + " " + quoted(w.session.Dir)}
	if w.Tests != "" {
		args = append(args, "-run="+w.Tests)
	}
	args = append(args, w.tagFlags()...)
	for _, p := range w.packages {
		args = append(args, p.ImportPath)
	}
	cmd := exec.CommandContext(ctx, w.toolchain.Go, args...)
	cmd.Dir, cmd.Env = w.Dir, append(w.toolchain.Environ(), "GOTMPDIR="+filepath.Join(w.session.Dir, goTemporaries))
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGINT) }
	cmd.WaitDelay = 2 * time.Second // it waits for the tests, which end if it does
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		return err
	}
	built := w.readEvents(out, byPath)
	err = cmd.Wait()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return fmt.Errorf("go test: %w", err)
	}
	for _, r := range w.report.Recorded {
		w.load(r)
		switch {
		case r.Log == nil && r.Problem == "":
			r.Problem = "its tests did not run"
			if text := built[r.Package.ImportPath]; text != "" {
				r.Problem = "its tests do not compile: " + firstLine(text)
			} else if stderr.Len() > 0 {
				r.Problem += ": " + firstLine(stderr.String())
			}
			fallthrough
		case r.Log == nil:
			fmt.Fprintf(w.Log, "toctou witness: %s: %s\n", r.Package.ImportPath, r.Problem)
			continue
		}
		w.report.Packages++
		w.report.Tests += len(r.Tests)
		if r.Log.Cut {
			w.report.Cut++
		}
	}
	if w.report.Packages == 0 {
		return errNoTest
	}
	if w.report.Tests == 0 && w.Tests != "" {
		w.report.Notes = append(w.report.Notes, "no test matches -run="+w.Tests)
	}
	return nil
}

// load reads the recording of a package.
func (w *work) load(r *Recorded) {
	result, log, err := launch.LoadResult(launch.RecordDir(w.session.Dir, r.Package.Dir))
	switch {
	case errors.Is(err, os.ErrNotExist):
		return
	case err != nil:
		r.Problem = err.Error()
	case result.TimedOut:
		r.Log = log
		w.report.Notes = append(w.report.Notes, fmt.Sprintf("%s: the tests took longer than %s and were ended: -timeout", r.Package.ImportPath, w.Timeout))
	case result.Problem != "":
		r.Problem = result.Problem
	default:
		r.Log = log
		if result.Exit != 0 && len(r.Tests) == 0 {
			w.report.Notes = append(w.report.Notes, fmt.Sprintf("%s: the test binary ended with status %d before any test", r.Package.ImportPath, result.Exit))
		}
	}
}

// readEvents reads what go test -json prints, and returns the messages of the compiler, by
// package.
func (w *work) readEvents(out io.Reader, byPath map[string]*Recorded) map[string]string {
	built := make(map[string]string)
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadBytes('\n')
		var e testEvent
		if json.Unmarshal(line, &e) == nil {
			r := byPath[e.Package]
			switch e.Action {
			case "build-output":
				path, _, _ := strings.Cut(e.ImportPath, " ")
				if !strings.HasPrefix(e.Output, "#") {
					built[strings.TrimSuffix(path, "_test")] += e.Output
				}
			case "output":
				if w.Output != nil {
					_, _ = io.WriteString(w.Output, e.Output)
				}
			case "pass", "fail", "skip":
				if r != nil && e.Test != "" {
					r.Tests[e.Test] = e.Action
				}
			}
		}
		if err != nil {
			return built
		}
	}
}

// quoted writes a word so that go test -exec takes it for one.
func quoted(word string) string {
	if !strings.ContainsAny(word, " \t'\"") {
		return word
	}
	if !strings.Contains(word, "'") {
		return "'" + word + "'"
	}
	return `"` + word + `"`
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}
