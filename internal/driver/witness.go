package driver

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/edcacfbd/toctou/internal/finding"
	"github.com/edcacfbd/toctou/internal/witness"
)

const witnessUsage = `toctou witness runs the tests of the packages, and shows by them what comes of
the races that toctou finds: in the window between check and use another process
makes the change that the finding is about.

usage:

	toctou witness [-run REGEXP] [-timeout D] [-record] [flags] [packages]

A test is run once to see which files it uses, and again, alone, with the change in
the window and with the same change before the check. Each finding has a verdict:

	confirmed               the harm was done: the sentence says which
	survived                the change was made in the window, and did no harm there
	run, not in the window  tests run the line, but not check and use on one path
	not exercised           no test runs the line
	not comparable          the change could not be made or judged

None but 'confirmed' and 'survived' says anything about the code. Tests run in
copies of the module, the temporary directory and the home directory, and may write
nowhere else: that takes Linux 6.2 or newer, with Landlock. The network is not cut, and
the mode, the owner and the times of files elsewhere are not protected.

flags, besides those that choose findings and formats ('toctou help' lists them):

	-run REGEXP
		run those tests alone, as go test -run
	-timeout D
		end a test binary that takes longer (default 2m)
	-record
		run the tests once, to see which findings they run, and change nothing

Findings leave the exit status 1, whatever their verdicts. See docs/witness.md in
https://github.com/edcacfbd/toctou.
`

// witness runs the tests of the packages, and has them say what comes of the findings.
func (p *program) witness(args []string) int {
	o := newOptions()
	fs := o.checkFlags()
	var req witness.Request
	fs.StringVar(&req.Tests, "run", "", "")
	fs.DurationVar(&req.Timeout, "timeout", 2*time.Minute, "")
	fs.BoolVar(&req.RecordOnly, "record", false, "")
	patterns, err := parse(fs, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(p.stdout, witnessUsage)
		return exitClean
	case err != nil:
		return p.failf("%v; 'toctou help witness' lists the flags", err)
	case req.Timeout <= 0:
		return p.failf("-timeout=%s: want a time such as 30s", req.Timeout)
	case len(o.platforms) > 0:
		return p.failf("-platforms: tests run on this platform alone")
	}
	if err := o.chooseFormat(isTerminal(p.stdoutFile())); err != nil {
		return p.failf("%v", err)
	}
	if len(patterns) == 0 {
		patterns = []string{"."}
	}
	o.startDebug(p.stderr)
	dir, err := workDir(o.dir)
	if err != nil {
		return p.failf("%v", err)
	}
	if err := o.configure(fs, dir); err != nil {
		return p.failf("%v", err)
	}
	narrow, err := o.narrow.prepare(dir, patterns)
	if err != nil {
		return p.failf("%v", err)
	}
	report := p.analyze(o, narrow, dir, patterns)
	p.printProblems(report)

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	req.Dir, req.Patterns, req.Tags, req.Findings, req.Log = dir, patterns, o.tags, report.Findings, p.stderr
	if len(report.Findings) > 0 {
		seen, err := witness.Run(ctx, &req)
		switch {
		case errors.Is(err, context.Canceled):
			return p.failf("interrupted: nothing outside of the copies has been changed")
		case err != nil:
			return p.failf("%v", err)
		}
		report.Notes = append(report.Notes, seen.Notes...)
		report.Notes = append(report.Notes, tally(report.Findings, seen))
	}
	if err := p.write(o, dir, report); err != nil {
		return p.failf("%v", err)
	}
	for _, note := range append(report.Notes, narrow.note) {
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
	text := fmt.Sprintf("%d tests of %d packages", seen.Tests, seen.Packages)
	for _, v := range []finding.Verdict{finding.Confirmed, finding.Survived, finding.OutsideWindow, finding.NotExercised, finding.NotComparable} {
		if count[v] > 0 {
			text += fmt.Sprintf("; %d %s", count[v], v)
		}
	}
	return text
}
