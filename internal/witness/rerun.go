package witness

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/edcacfbd/toctou/internal/finding"
	"github.com/edcacfbd/toctou/internal/witness/launch"
	"github.com/edcacfbd/toctou/internal/witness/plan"
	"github.com/edcacfbd/toctou/internal/witness/wire"
)

// These bound how many tests are repeated for one finding: those that can be judged,
// and all.
const (
	maxJudged = 3
	maxTests  = 6
)

// witness determines what the tests show about one finding.
func (w *work) witness(ctx context.Context, f *finding.Finding) *finding.Witness {
	if f.Reason.ID == "" {
		return nil // it is about a comment
	}
	x := w.pairsOf(f)
	if len(x.pairs) == 0 {
		return x.without(f)
	}
	p, why := plan.Of(f.Reason.ID, f.Aspect)
	if why != "" {
		return &finding.Witness{Verdict: finding.NotComparable, Test: x.pairs[0].name(), Text: why}
	}
	if w.RecordOnly {
		return &finding.Witness{Verdict: finding.NotComparable, Test: x.pairs[0].name(), Text: fmt.Sprintf("%s runs it; nothing was changed: -record", x.pairs[0].name())}
	}
	if err := launch.Confines(); err != nil {
		return &finding.Witness{Verdict: finding.NotComparable, Test: x.pairs[0].name(), Text: fmt.Sprintf("%s runs it; nothing was changed: %v", x.pairs[0].name(), err)}
	}
	x.order(p)
	var best *finding.Witness
	judged := 0
	for i, pair := range x.pairs {
		if i == maxTests || judged == maxJudged {
			break
		}
		got := w.try(ctx, f, &pair, p)
		if best == nil || got.Verdict == finding.Confirmed || got.Verdict == finding.Survived && best.Verdict != finding.Survived {
			best = got
		}
		if best.Verdict == finding.Confirmed {
			break
		}
		if got.Verdict != finding.NotComparable {
			judged++
		}
	}
	return best
}

// without returns the verdict where no test runs check and use on one path.
func (x *exercise) without(f *finding.Finding) *finding.Witness {
	switch {
	case x.use && x.check:
		return &finding.Witness{Verdict: finding.OutsideWindow, Test: x.tests[0], Text: "tests run both lines, but not on one path in one call: whether it does harm is not known"}
	case x.use:
		return &finding.Witness{Verdict: finding.OutsideWindow, Test: x.tests[0], Text: fmt.Sprintf("tests run the line, but not the check on line %d before it: whether it does harm is not known", f.Check.Start.Line)}
	case len(x.problems) > 0:
		return &finding.Witness{Verdict: finding.NotComparable, Text: x.problems[0]}
	}
	text := "no test runs the line: nothing is known"
	if x.check {
		text = fmt.Sprintf("tests run the check on line %d, but not the use: nothing is known", f.Check.Start.Line)
	}
	return &finding.Witness{Verdict: finding.NotExercised, Text: text}
}

// order puts the tests first that are likely to show something: those that pass, those
// in which the use succeeds, and of torn writes those that had content before.
func (x *exercise) order(p plan.Plan) {
	score := func(q pair) int {
		n := 0
		if q.recorded.Tests[q.test] != "pass" {
			n += 4
		}
		use := q.recorded.Log.Events[q.use]
		if use.Errno != 0 {
			n += 2
		}
		if p.Harm == plan.Torn && !q.again() {
			n++
		}
		return n
	}
	slices.SortStableFunc(x.pairs, func(a, b pair) int { return score(a) - score(b) })
}

// again reports whether the test has used the path before.
func (p *pair) again() bool {
	use := &p.recorded.Log.Events[p.use]
	for i := range p.use {
		e := &p.recorded.Log.Events[i]
		if e.Kind == wire.Operation && e.Test == p.test && e.Name == use.Name && e.Errno == 0 && e.Operation == use.Operation {
			return true
		}
	}
	return false
}

// name names the test for people.
func (p *pair) name() string {
	if p.test == "" {
		return "the start of the tests of " + p.recorded.Package.ImportPath
	}
	return p.test
}

// try makes the change in the window of one pair, and before its check, and judges.
func (w *work) try(ctx context.Context, f *finding.Finding, p *pair, pl plan.Plan) *finding.Witness {
	incomparable := func(format string, args ...any) *finding.Witness {
		return &finding.Witness{Verdict: finding.NotComparable, Test: p.name(), Text: fmt.Sprintf(format, args...)}
	}
	if got := p.recorded.Tests[p.test]; got == "fail" {
		return incomparable("%s fails without any change", p.name())
	}
	change := launch.Change{What: pl.What, Second: p.second, Check2: p.check2, As: p.makes()}
	if pl.What == launch.Type {
		change.As = p.otherType()
	}
	window, err := w.rerun(ctx, p, change)
	if err != nil {
		return incomparable("%v", err)
	}
	var control *outcome
	j := &judge{finding: f, pair: p, plan: pl, window: window}
	if verdict, text := j.window1(); verdict != "" {
		return &finding.Witness{Verdict: verdict, Test: p.name(), Text: text}
	}
	if j.comparable() {
		change.Early = true
		if control, err = w.rerun(ctx, p, change); err != nil {
			return incomparable("%v", err)
		}
		j.control = control
	}
	verdict, text := j.compare()
	return &finding.Witness{Verdict: verdict, Test: p.name(), Text: text}
}

// makes returns what the use would make, so that another process can make the same.
func (p *pair) makes() string {
	switch named(p.recorded.Log.Events[p.use].Operation) {
	case "os.Mkdir", "os.MkdirAll", "(*os.Root).Mkdir", "(*os.Root).MkdirAll", "os.CopyFS":
		return "directory"
	case "os.Symlink", "(*os.Root).Symlink":
		return "link"
	}
	return "file"
}

// otherType returns what takes the place of a file that the check looks at: a link if the
// check looks at links themselves, and otherwise a pipe.
func (p *pair) otherType() string {
	if p.check >= 0 {
		switch named(p.recorded.Log.Events[p.check].Operation) {
		case "os.Lstat", "(*os.Root).Lstat", "os.Readlink", "os.ReadDir":
			return "link"
		}
	}
	return "pipe"
}

// An outcome is what came of one more run of a test.
type outcome struct {
	*launch.Result
	log    *wire.Log
	output string
	temp   string // its directory for temporaries
}

// rerun runs one test alone, with a change.
func (w *work) rerun(ctx context.Context, p *pair, change launch.Change) (*outcome, error) {
	for _, c := range w.copies {
		if err := c.renew(); err != nil {
			return nil, err
		}
	}
	w.runs++
	dir := filepath.Join(w.session.Dir, "r", fmt.Sprint(w.runs))
	if err := launch.Prepare(&launch.Run{Session: w.session.Dir, Dir: dir, Plan: &p.plan, Change: &change, Copies: w.session.Copies}); err != nil {
		return nil, err
	}
	defer removeAll(dir) //nolint:errcheck // the session is removed as a whole in the end
	pkgDir := p.recorded.Package.Dir
	cmd := exec.CommandContext(ctx, w.self, ExecWord, w.session.Dir, launch.Binary(w.session.Dir, pkgDir),
		"-test.run="+w.only(p.test), "-test.v", "-test.count=1", "-test.paniconexit0")
	cmd.Dir = w.session.Packages[pkgDir]
	cmd.Env = append(w.toolchain.Environ(), launch.RunVariable+"="+dir)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return nil, err
	}
	result, log, err := launch.LoadResult(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("the test could not be started again: %s", firstLine(out.String()))
	case err != nil:
		return nil, err
	case result.Problem != "":
		return nil, errors.New(result.Problem)
	}
	return &outcome{result, log, out.String(), launch.TempDir(dir)}, nil
}

// only returns the pattern of -run that selects one test: all of them where it is not
// known which one it was, as before the first test and in goroutines that it has started.
func (w *work) only(test string) string {
	if test == "" {
		return w.Tests
	}
	parts := strings.Split(test, "/")
	for i, part := range parts {
		parts[i] = "^" + regexp.QuoteMeta(part) + "$"
	}
	return strings.Join(parts, "/")
}
