package driver

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/edcacfbd/toctou/internal/finding"
	"github.com/edcacfbd/toctou/internal/reach"
	"github.com/edcacfbd/toctou/internal/textdiff"
)

// maxRounds bounds how often the fixed code is analyzed again: fixes that
// overlap wait for the next round, and what they leave may have others.
const maxRounds = 8

// fix applies the first fix of each finding, in memory until no more fixes apply and the
// result is known to compile.
func (p *program) fix(args []string) int {
	o := newOptions()
	fs := o.commandFlags()
	fs.BoolVar(&o.diff, "diff", false, "print a diff and change nothing")
	patterns, err := parse(fs, args)
	if errors.Is(err, flag.ErrHelp) {
		return p.help([]string{"fix"})
	}
	if err != nil {
		return p.failf("%v; 'toctou help' lists the flags", err)
	}
	o.startDebug(p.stderr)
	o.garbage.start(littleMemory)
	if len(patterns) == 0 {
		patterns = []string{"."}
	}
	dir, err := workDir(o.dir)
	if err != nil {
		return p.failf("%v", err)
	}
	if err := o.configure(fs, dir); err != nil {
		return p.failf("%v", err)
	}
	p.checkHelper(o, dir)
	narrow, err := o.narrow.prepare(dir, patterns)
	if err != nil {
		return p.failf("%v", err)
	}
	// The run has to know which findings need the helper: only for them it is added.
	o.suite.Advise = o.helperIsAuto() && !reach.InReach(dir)
	f := &fixer{narrow: narrow, program: p, o: o, dir: dir, patterns: patterns, changed: make(map[string]*fixedFile), blamed: make(map[string]bool), rename: os.Rename, aside: writeAside}
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(interrupted)
	f.interrupted = interrupted
	return f.run()
}

// A fixer is one run of `toctou fix`.
type fixer struct {
	*program
	narrow      *narrowing
	o           *options
	dir         string
	patterns    []string
	interrupted <-chan os.Signal

	// What tests replace.
	rename func(oldpath, newpath string) error                     // os.Rename
	aside  func(name string, data []byte) (temp string, err error) // writeAside

	changed  map[string]*fixedFile // by name
	problems []string              // of the packages before any fix
	applied  []string              // one line each
	last     string                // one of the latest round
	undone   []string
	blamed   map[string]bool    // the fixes that did not compile, by their keys
	trials   int                // how many rounds were spent to find them
	left     []*finding.Finding // what remains in the end
	mod      *modFiles          // go.mod and go.sum as they were, if they were changed
}

// A fixedFile is a file under way.
type fixedFile struct {
	old, text []byte
	before    []byte  // the text before the latest round
	latest    []patch // what was made of it in the latest round
	single    bool    // one fix at a time is made: several did not compile
}

func (f *fixer) run() int {
	if err := f.rounds(); err != nil {
		f.mod.restore()
		return f.failf("%v", err)
	}
	if f.o.diff {
		f.mod.restore()
		return f.printDiff()
	}
	if !f.needHelper() {
		f.mod.restore()
	}
	if err := f.write(); err != nil {
		f.mod.restore()
		return f.failf("%v", err)
	}
	return f.summarize()
}

// rounds analyzes and fixes until nothing changes.
func (f *fixer) rounds() error {
	settled := false // whether it is known if the helper is available
	for round := 0; round < maxRounds+f.trials; round++ {
		result, err := f.analyze()
		if err != nil {
			return err
		}
		if !settled {
			if err := f.o.checkRows(f.dir, result.packages); err != nil {
				return err
			}
			f.problems = result.problems
		}
		if f.undo(result.problems) {
			continue
		}
		if len(result.errors) > 0 {
			return result.errors[0]
		}
		select {
		case <-f.interrupted:
			return errors.New("interrupted: no files were changed")
		default:
		}
		fixable := f.choose(result.findings, !settled)
		if !settled {
			settled = true
			if lackHelper(f.left) && !f.o.diff && f.getHelper() {
				settled, f.o.suite.Advise = false, false
				continue // with more fixes
			}
		}
		if !f.apply(fixable) {
			return nil
		}
	}
	return fmt.Errorf("no files were changed: fixes still apply after %d rounds; the last one was %s", maxRounds, f.last)
}

// choose notes which of the findings of a round are to be reported, and returns
// those that are to be fixed. first says that no fix has been applied yet.
func (f *fixer) choose(findings []*finding.Finding, first bool) (fixable []*finding.Finding) {
	switch {
	case !f.narrow.active():
		f.left, fixable = findings, findings
	case first:
		f.left, _ = f.narrow.narrow(findings)
		fixable = f.left
	default:
		f.left, fixable = f.narrow.again(findings)
	}
	return fixable
}

// analyze analyses the packages as they have become.
func (f *fixer) analyze() (*result, error) {
	overlay := make(map[string][]byte)
	for name, file := range f.changed {
		overlay[name] = file.text
	}
	f.o.env.Overlay = overlay
	progress := f.startProgress(f.o, f.dir, f.patterns)
	defer progress.end()
	listed, err := f.o.list(f.dir, f.patterns, "")
	if err != nil {
		return nil, err
	}
	progress.found(len(listed.program.Packages))
	return listed.analyze(f.o), nil
}

// undo takes back the fixes of the latest round that have brought new problems, and
// reports whether it had to. Those of a file that the problems name are to blame, or those
// of all files if they name none. Of several in one file it is not known which: they are
// made again one by one.
func (f *fixer) undo(problems []string) bool {
	var fresh []string
	for _, problem := range problems {
		if !slices.Contains(f.problems, problem) {
			fresh = append(fresh, problem)
		}
	}
	if len(fresh) == 0 {
		return false
	}
	for _, name := range f.guilty(fresh) {
		file, short := f.changed[name], relative(f.dir, name)
		if len(file.latest) == 1 {
			p := file.latest[0]
			f.blamed[p.key] = true
			f.undone = append(f.undone, fmt.Sprintf("%s: undone because the package no longer compiled: %s", p.line, fresh[0]))
		} else {
			file.single = true
		}
		f.trials += max(1, len(file.latest))
		for _, p := range file.latest {
			if i := slices.Index(f.applied, p.line); i >= 0 {
				f.applied = slices.Delete(f.applied, i, i+1)
			}
		}
		if file.before == nil { // an earlier round's problem is seen only now
			file.before = file.old
			f.applied = slices.DeleteFunc(f.applied, func(line string) bool { return strings.HasPrefix(line, short+":") })
		}
		file.text, file.latest, file.before = file.before, nil, nil
	}
	return true
}

// guilty lists the files whose latest fixes may have brought problems.
func (f *fixer) guilty(problems []string) []string {
	var latest, named []string
	for _, name := range slices.Sorted(maps.Keys(f.changed)) {
		if len(f.changed[name].latest) == 0 {
			continue
		}
		latest = append(latest, name)
		short := relative(f.dir, name)
		if slices.ContainsFunc(problems, func(problem string) bool { return strings.Contains(problem, short) }) {
			named = append(named, name)
		}
	}
	switch {
	case len(named) > 0:
		return named
	case len(latest) > 0:
		return latest
	}
	return slices.Sorted(maps.Keys(f.changed))
}

// needHelper reports whether a changed file imports the helper.
func (f *fixer) needHelper() bool {
	for _, file := range f.changed {
		if strings.Contains(string(file.text), `"`+reach.Helper+`"`) {
			return true
		}
	}
	return false
}

// lackHelper reports whether a finding has a fix only where the helper can be
// imported, and cannot be so far.
func lackHelper(findings []*finding.Finding) bool {
	return slices.ContainsFunc(findings, func(f *finding.Finding) bool { return f.Missing != "" })
}

// getHelper adds the helper to the requirements of the module, and reports whether that
// was possible. If not, the fixes do without it.
func (f *fixer) getHelper() bool {
	saved, err := f.requireHelper()
	if err != nil {
		fmt.Fprintf(f.stderr, "toctou: fixes that need %s are not applied: %s; run 'toctou helper DIR' to copy the package into the module\n", reach.Helper, oneLine(err.Error()))
		return false
	}
	f.mod = saved
	return true
}

// requireHelper changes go.mod and go.sum, and returns what they were.
func (f *fixer) requireHelper() (*modFiles, error) {
	mod := reach.Find(f.dir, "go.mod")
	if mod == "" {
		return nil, errors.New("there is no go.mod file to add it to")
	}
	saved, err := saveMod(mod)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command("go", "get", reach.Helper)
	cmd.Dir = f.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		saved.restore()
		return nil, fmt.Errorf("go get: %s", lastLine(string(out)))
	}
	return saved, nil
}

// lastLine returns the last line of what the go command has printed: its reason.
func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.TrimSuffix(lines[len(lines)-1], ".")
}

// modFiles is the content of go.mod and go.sum, nil where there is no file.
type modFiles struct{ content map[string][]byte }

func saveMod(mod string) (*modFiles, error) {
	m := &modFiles{content: make(map[string][]byte)}
	for _, name := range []string{mod, filepath.Join(filepath.Dir(mod), "go.sum")} {
		data, err := os.ReadFile(name)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
		m.content[name] = data
	}
	return m, nil
}

// restore puts the files back as they were.
func (m *modFiles) restore() {
	if m == nil {
		return
	}
	for name, data := range m.content {
		if data == nil {
			os.Remove(name)
		} else {
			replaceFile(name, data) //nolint:errcheck // there is nothing more to be done
		}
	}
}

// printDiff shows what would change.
func (f *fixer) printDiff() int {
	for _, problem := range f.problems {
		f.failf("%s", problem)
	}
	status := exitClean
	for _, name := range slices.Sorted(maps.Keys(f.changed)) {
		file, short := f.changed[name], filepath.ToSlash(relative(f.dir, name))
		if d := textdiff.Files(short, file.old, file.text); len(d) > 0 {
			f.stdout.Write(d) //nolint:errcheck // as any printing
			status = exitFindings
		}
	}
	if n := len(f.left); n > 0 { // without a word, an empty diff would look like a clean run
		fmt.Fprintf(f.stderr, "toctou: %s left without a fix: 'toctou fix' prints why\n", count(n))
	}
	return f.status(status)
}

// status returns the exit status: the given one, if all went well and nothing is left.
func (f *fixer) status(clean int) int {
	switch {
	case len(f.problems) > 0:
		return exitFailure
	case len(f.left) > 0:
		return exitFindings
	}
	return clean
}

// unfixed returns why a finding was not fixed.
func unfixed(l *finding.Finding) string {
	if len(l.Fixes) > 0 {
		return "its fix was undone, or its file was not changed"
	}
	return cmp.Or(l.Unfixed, "no rewrite is certain to be safe")
}

// summarize prints what was fixed, what was not, and why.
func (f *fixer) summarize() int {
	for _, line := range f.applied {
		fmt.Fprintf(f.stdout, "%s\n", line)
	}
	for _, line := range f.undone {
		fmt.Fprintf(f.stdout, "%s\n", line)
	}
	for _, l := range f.left {
		fmt.Fprintf(f.stdout, "%s:%d:%d: not fixed: %s (%s)\n\tno fix: %s\n", l.Use.File, l.Use.Start.Line, l.Use.Start.Column, l.Message, l.Rule, unfixed(l))
	}
	for _, problem := range f.problems {
		f.failf("%s", problem)
	}
	files := 0
	for _, file := range f.changed {
		if string(file.old) != string(file.text) {
			files++
		}
	}
	inFiles := "1 file"
	if files != 1 {
		inFiles = fmt.Sprintf("%d files", files)
	}
	fmt.Fprintf(f.stdout, "%d fixed in %s, %d left\n", len(f.applied), inFiles, len(f.left))
	if f.mod != nil && f.needHelper() {
		fmt.Fprintf(f.stdout, "go.mod now requires %s\n", reach.Helper)
	}
	return f.status(exitClean)
}
