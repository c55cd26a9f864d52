package driver

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/edcacfbd/toctou/internal/finding"
	"github.com/edcacfbd/toctou/internal/output"
	"github.com/edcacfbd/toctou/internal/witness"
)

const witnessUsage = `toctou witness runs the tests of the packages, and shows what the races that toctou
finds lead to: in the window between check and use another process
makes the change that the finding is about.

usage:

	toctou witness [-run REGEXP] [-timeout D] [-record] [flags] [packages]

A test is run once to see which files it uses, and again, alone, with the change in
the window and with the same change before the check. Each finding has a verdict:

	confirmed               the harm was done: the sentence names it
	survived                the change was made in the window, and did no harm there
	run, not in the window  tests run the line, but not check and use on one path
	not exercised           no test runs the line
	not comparable          the change could not be made or judged

Only 'confirmed' and 'survived' are statements about the code. Tests run in
copies of the module, the temporary directory and the home directory, and may write
nowhere else: that takes Linux 6.2 or newer, with Landlock. The network is not cut, and
the mode, the owner and the times of files elsewhere are not protected.

flags, in addition to those that choose findings and formats ('toctou help' lists them):

	-run REGEXP
		run those tests alone, as go test -run
	-timeout D
		end a test binary that takes longer (default 2m)
	-record
		run the tests once, to see which findings they run, and change nothing
	-candidates
		list instead the pairs of operations on one path in one call that no finding
		names, -strict included, with what -debug prints about them: for those who work
		on toctou

Findings leave the exit status 1, whatever their verdicts. See docs/witness.md in
https://github.com/edcacfbd/toctou.
`

// witness runs the tests of the packages, and reports what the findings lead to.
func (p *program) witness(args []string) int {
	o := newOptions()
	req := new(witness.Request)
	candidates, ready, status := p.witnessOptions(o, req, args)
	if !ready {
		return status
	}
	narrow, err := o.narrow.prepare(req.Dir, req.Patterns)
	if err != nil {
		return p.failf("%v", err)
	}
	said := new(verdicts)
	if candidates {
		o.settings.Strict, o.env.Debug = true, said.add
	}
	report := p.analyze(o, narrow, req.Dir, req.Patterns)
	p.printProblems(report)

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	req.Findings = report.Findings
	if candidates {
		req.RecordOnly, req.Whole = true, true
	}
	if candidates || len(report.Findings) > 0 {
		seen, err := witness.Run(ctx, req)
		switch {
		case errors.Is(err, context.Canceled):
			return p.failf("interrupted: nothing outside of the copies has been changed")
		case err != nil && (candidates || seen == nil):
			return p.failf("%v", err)
		case err != nil:
			report.Problems = append(report.Problems, err.Error())
			p.failf("%v", err)
		case candidates:
			p.candidates(req.Dir, seen.Candidates(report.Findings), said)
			return exitClean
		}
		report.Notes = append(report.Notes, seen.Notes...)
		report.Notes = append(report.Notes, tally(report.Findings, seen))
	}
	return p.witnessed(o, req.Dir, report, narrow.note)
}

// witnessOptions reads the command line of the command. The run is not ready if the
// flags are wrong, or only request help: then there is an exit status.
func (p *program) witnessOptions(o *options, req *witness.Request, args []string) (candidates, ready bool, status int) {
	fs := o.checkFlags()
	fs.StringVar(&req.Tests, "run", "", "")
	fs.DurationVar(&req.Timeout, "timeout", 2*time.Minute, "")
	fs.BoolVar(&req.RecordOnly, "record", false, "")
	fs.BoolVar(&candidates, "candidates", false, "")
	patterns, err := parse(fs, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(p.stdout, witnessUsage)
		return false, false, exitClean
	case err != nil:
		return false, false, p.failf("%v; 'toctou help witness' lists the flags", err)
	case req.Timeout <= 0:
		return false, false, p.failf("-timeout=%s: want a time such as 30s", req.Timeout)
	case !isPattern(req.Tests):
		return false, false, p.failf("-run=%s: it is no regular expression", req.Tests)
	case len(o.platforms) > 0:
		return false, false, p.failf("-platforms: tests run on this platform alone")
	}
	if err := o.chooseFormat(isTerminal(p.stdoutFile())); err != nil {
		return false, false, p.failf("%v", err)
	}
	if len(patterns) == 0 {
		patterns = []string{"."}
	}
	if i := slices.IndexFunc(patterns, func(p string) bool { return strings.HasSuffix(p, ".go") }); i >= 0 {
		return false, false, p.failf("%s: the tests of packages are run, not those of files: name the directory", patterns[i])
	}
	o.startDebug(p.stderr)
	dir, err := workDir(o.dir)
	if err != nil {
		return false, false, p.failf("%v", err)
	}
	if err := o.configure(fs, dir); err != nil {
		return false, false, p.failf("%v", err)
	}
	req.Dir, req.Patterns, req.Tags, req.Log = dir, patterns, o.tags, p.stderr
	return candidates, true, exitClean
}

// isPattern reports whether go test -run takes a text.
func isPattern(text string) bool {
	_, err := regexp.Compile(text)
	return err == nil
}

// witnessed prints the findings with their verdicts, the notes and one more, and
// returns the exit status.
func (p *program) witnessed(o *options, dir string, report *output.Report, more string) int {
	if err := p.write(o, dir, report); err != nil {
		return p.failf("%v", err)
	}
	for _, note := range append(report.Notes, more) {
		if note != "" {
			fmt.Fprintf(p.stderr, "toctou: %s\n", note)
		}
	}
	switch {
	case len(report.Problems) > 0:
		return exitFailure
	case len(report.Findings) > 0 && !o.zero:
		return exitFindings
	}
	return exitClean
}

// tally counts the verdicts, in one line.
func tally(findings []*finding.Finding, seen *witness.Report) string {
	count := make(map[finding.Verdict]int)
	for _, f := range findings {
		if f.Witness != nil {
			count[f.Witness.Verdict]++
		}
	}
	text := counted(seen.Tests, "test") + " of " + counted(seen.Packages, "package")
	for _, v := range []finding.Verdict{finding.Confirmed, finding.Survived, finding.OutsideWindow, finding.NotExercised, finding.NotComparable} {
		if count[v] > 0 {
			text += fmt.Sprintf("; %d %s", count[v], v)
		}
	}
	return text
}

// counted returns a number and what it counts.
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// verdicts are what the engine prints about what it considers, by the line of the use.
type verdicts struct {
	mu   sync.Mutex
	said map[string][]string
}

// add takes a line of -debug: FILE:LINE:COLUMN: text.
func (v *verdicts) add(format string, args ...any) {
	line := fmt.Sprintf(format, args...)
	m := debugLine.FindStringSubmatch(line)
	if m == nil {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.said == nil {
		v.said = make(map[string][]string)
	}
	if !slices.Contains(v.said[m[1]], m[2]) {
		v.said[m[1]] = append(v.said[m[1]], m[2])
	}
}

var debugLine = regexp.MustCompile(`(?s)^(.*:\d+):\d+: (.*)$`)

// candidates prints pairs of operations, one a line, and below each what the engine
// prints about the second one.
func (p *program) candidates(dir string, list []*witness.Candidate, said *verdicts) {
	for _, c := range list {
		fmt.Fprintf(p.stdout, "%s:%d: %s after the %s on line %d, %d times, for example in %s\n",
			relative(dir, c.File), c.Second.Line, c.Second.Operation, c.First.Operation, c.First.Line, c.Times, cmp.Or(c.Test, "the start of the tests"))
		words := said.said[fmt.Sprintf("%s:%d", c.File, c.Second.Line)]
		if len(words) == 0 {
			words = []string{"not considered"}
		}
		for _, w := range words {
			fmt.Fprintf(p.stdout, "\t%s\n", w)
		}
	}
}
