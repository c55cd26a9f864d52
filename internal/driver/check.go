package driver

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/output"
	"github.com/edcacfbd/toctou/internal/reach"
	"github.com/edcacfbd/toctou/passes"
)

// check analyses the packages that the arguments name, and prints what it
// finds.
func (p *program) check(args []string) int {
	o := newOptions()
	fs := o.checkFlags()
	patterns, err := parse(fs, args)
	if errors.Is(err, flag.ErrHelp) {
		return p.help(nil)
	}
	if err != nil {
		return p.failf("%v; 'toctou help' lists the flags", err)
	}
	if err := o.chooseFormat(isTerminal(p.stdoutFile())); err != nil {
		return p.failf("%v", err)
	}
	o.startDebug(p.stderr)
	o.garbage.start(littleMemory)
	if len(patterns) == 0 {
		patterns = []string{"."}
	}
	if command := patterns[0]; isCommand(command) {
		return p.failf("put the command before the flags: toctou %s", command)
	}
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
	// Editors and other programs have their own ways to offer the helper.
	o.suite.Advise = o.format != "vet" && o.helperIsAuto()
	// With -debug the reason is printed for each fix that is not offered. Old findings
	// are removed only at the end, and the run must not advise fixes for them.
	o.suite.NoFixes = !output.HasFixes(string(o.format)) && !o.debug && !narrow.active()

	if !o.suite.NoFixes {
		p.checkHelper(o, dir)
	}

	r := p.analyze(o, narrow, dir, patterns)
	p.printProblems(r)
	if err := p.write(o, dir, r); err != nil {
		return p.failf("%v", err)
	}
	for _, note := range append(r.Notes, narrow.note) {
		if note != "" {
			fmt.Fprintf(p.stderr, "toctou: %s\n", note)
		}
	}
	lacking := lackHelper(r.Findings) || o.suite.Lacking.Load()
	if o.format == "text" && len(r.Findings) > 0 && lacking {
		fmt.Fprintf(p.stderr, "toctou: some findings can be fixed once the module provides the package %s: run 'toctou helper DIR' to copy it into the module, or 'toctou fix', which adds it to go.mod\n", reach.Helper)
	}
	if o.stats {
		printStats(p.stderr, "", &o.env.Stats)
	}
	switch {
	case len(r.Problems) > 0:
		return exitFailure
	case len(r.Findings) > 0 && !o.zero:
		return exitFindings
	}
	return exitClean
}

// maxProblems bounds how many problems are printed: what follows from the first
// ones is no news, for example a hundred packages that import one module which
// cannot be downloaded.
const maxProblems = 10

// printProblems prints the first problems, one a line, and how many packages were
// not analyzed for such reasons. All of them are in the report that is written.
func (p *program) printProblems(r *output.Report) {
	shown := r.Problems
	if len(shown) > maxProblems+1 {
		shown = shown[:maxProblems]
	}
	for _, problem := range shown {
		p.failf("%s", problem)
	}
	if more := len(r.Problems) - len(shown); more > 0 {
		p.failf("%d more problems are listed by -format=json", more)
	}
	if r.LeftOut > 1 {
		verb := "were"
		if r.Packages == 1 {
			verb = "was"
		}
		p.failf("%d packages were not analyzed, %d %s", r.LeftOut, r.Packages, verb)
	}
}

// analyze runs the passes, and reports what they say. What went wrong is among
// that: a program that reads the report must not take it for all there is.
func (p *program) analyze(o *options, narrow *narrowing, dir string, patterns []string) *output.Report {
	r := &output.Report{Rules: rulesOf(o.selected()), Root: repository(dir)}
	if info, ok := debug.ReadBuildInfo(); ok {
		r.Version = versionOf(info)
	}
	progress := p.startProgress(o, dir, patterns)
	defer progress.end()
	result, named, err := p.analyzeAll(o, dir, patterns, progress.found)
	if err != nil {
		r.Problems = append(r.Problems, oneLine(err.Error()))
		return r
	}
	r.Problems, r.LeftOut = result.problems, result.leftOut
	if len(o.platforms) == 0 {
		r.Notes = append(r.Notes, withoutCgo(dir, o.tags, named))
	}
	if err := o.checkRows(dir, result.packages); err != nil {
		r.Problems = append(r.Problems, oneLine(err.Error()))
		return r
	}
	r.Packages = len(result.packages)
	for _, err := range result.errors {
		r.Problems = append(r.Problems, oneLine(err.Error()))
	}
	if r.Findings, err = narrow.apply(o, result.packages, result.findings); err != nil {
		r.Problems = append(r.Problems, oneLine(err.Error()))
	}
	return r
}

// startProgress shows on a terminal how far the run has come, unless -debug writes
// there. Without a terminal it starts a notice, except for -format=vet, which is for
// programs.
func (p *program) startProgress(o *options, dir string, patterns []string) *progress {
	file, ok := p.stderr.(*os.File)
	if !ok {
		return nil
	}
	listed := func(ctx context.Context) bool { return canList(ctx, dir, o.tags, patterns) }
	if isTerminal(file) {
		if os.Getenv("TERM") == "dumb" || o.debug || !enableColor(file) {
			return nil
		}
		before := o.env.Stats.Packages.Load()
		done := func() int64 { return o.env.Stats.Packages.Load() - before }
		return startProgress(file, progressAfter, progressEvery, done, listed)
	}
	if o.format == "vet" {
		return nil
	}
	return startNotice(file, noticeAfter, listed)
}

// rulesOf returns the rules of the passes.
func rulesOf(analyzers []*analysis.Analyzer) []passes.Rule {
	rules := make([]passes.Rule, len(analyzers))
	for i, a := range analyzers {
		rules[i] = ruleOf(a)
	}
	return rules
}

// repository returns the root of the repository that dir lies in, or dir if it
// is in none.
func repository(dir string) string {
	for root := dir; ; {
		// A work tree of several has a file there.
		if _, err := os.Lstat(filepath.Join(root, ".git")); err == nil {
			return root
		}
		parent := filepath.Dir(root)
		if parent == root {
			return dir
		}
		root = parent
	}
}

// workDir returns the directory to run in, as an absolute path: the working
// directory, or dir below it.
func workDir(dir string) (string, error) {
	wd, err := os.Getwd()
	if err != nil {
		return "", err
	}
	if dir == "" {
		return wd, nil
	}
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(wd, dir)
	}
	info, err := os.Stat(dir)
	if err != nil {
		return "", err
	}
	if !info.IsDir() {
		return "", errors.New("-C " + dir + ": not a directory")
	}
	return filepath.Clean(dir), nil
}
