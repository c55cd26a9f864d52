package driver

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/edcacfbd/toctou/internal/baseline"
	"github.com/edcacfbd/toctou/internal/changes"
	"github.com/edcacfbd/toctou/internal/finding"
	"github.com/edcacfbd/toctou/internal/fingerprint"
	"github.com/edcacfbd/toctou/internal/severity"
)

// narrowFlags say which findings are old, and not reported.
type narrowFlags struct {
	rev       string // only findings on lines that are new since this revision
	mergeBase string // only findings on lines that are new since the branch has parted from this one
	baseline  string // only findings that are not in this file
	write     bool   // record the findings there instead
	prune     bool   // remove from there what is found no more
}

// flags adds the flags of all that analyses.
func (n *narrowFlags) flags(fs *flag.FlagSet) {
	fs.StringVar(&n.rev, "new-from-rev", "", "report only findings on lines changed since the git revision `rev`")
	fs.StringVar(&n.mergeBase, "new-from-merge-base", "", "report only findings on lines changed since the merge base with the git revision `rev`")
	fs.StringVar(&n.baseline, "baseline", "", "report only findings that are not recorded in `file`")
}

// recordFlags adds the flags of what may change a baseline.
func (n *narrowFlags) recordFlags(fs *flag.FlagSet) {
	fs.BoolVar(&n.write, "write-baseline", false, "record the findings in the file of -baseline instead of reporting them")
	fs.BoolVar(&n.prune, "prune-baseline", false, "remove entries that no longer match a finding from the file of -baseline")
}

// A narrowing knows which findings of a run are old.
type narrowing struct {
	flags narrowFlags
	file  string         // of the baseline
	list  *baseline.List // nil if there is none
	lines *changes.Lines // nil for all
	whole bool           // the run is on all that the baseline can be about
	note  string         // a line about the baseline, for standard error

	shown, hidden map[string]int // of the first round, by fingerprint
}

// prepare reads what the flags name, for a run on the patterns in the
// directory dir.
func (n narrowFlags) prepare(dir string, patterns []string) (*narrowing, error) {
	w := &narrowing{flags: n, file: n.baseline}
	if w.file != "" && !filepath.IsAbs(w.file) {
		w.file = filepath.Join(dir, w.file)
	}
	rel, err := filepath.Rel(dir, filepath.Dir(w.file))
	w.whole = err == nil && filepath.IsLocal(rel) && slices.Contains(patterns, "./...")
	if err := n.check(); err != nil {
		return nil, err
	}
	if err := w.read(); err != nil {
		return nil, fmt.Errorf("-baseline %s: %w", n.baseline, err)
	}
	switch {
	case n.rev != "":
		if w.lines, err = changes.Since(dir, n.rev); err != nil {
			return nil, fmt.Errorf("-new-from-rev: %w", err)
		}
	case n.mergeBase != "":
		if w.lines, err = changes.SinceMergeBase(dir, n.mergeBase); err != nil {
			return nil, fmt.Errorf("-new-from-merge-base: %w", err)
		}
	}
	return w, nil
}

// check compares the flags with each other.
func (n narrowFlags) check() error {
	switch {
	case n.rev != "" && n.mergeBase != "":
		return errors.New("-new-from-rev and -new-from-merge-base cannot be combined")
	case n.write && n.prune:
		return errors.New("-write-baseline and -prune-baseline cannot be combined")
	case (n.write || n.prune) && n.baseline == "":
		return errors.New("-write-baseline and -prune-baseline need -baseline FILE")
	case n.write && (n.rev != "" || n.mergeBase != ""):
		return errors.New("-write-baseline cannot be combined with -new-from-rev or -new-from-merge-base")
	}
	return nil
}

// read reads the baseline. Where it is to be written, it need not be there,
// nor be of today's program; but what is something else is left alone.
func (w *narrowing) read() error {
	if w.file == "" {
		return nil
	}
	data, err := os.ReadFile(w.file)
	switch {
	case errors.Is(err, fs.ErrNotExist) && w.flags.write:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("no such file; create it with -write-baseline")
	case err != nil:
		return reason(err)
	}
	w.list, err = baseline.Parse(data)
	if errors.Is(err, baseline.ErrFingerprints) && w.flags.write {
		return nil
	}
	return err
}

// active reports whether any finding may be hidden.
func (w *narrowing) active() bool { return w.list != nil || w.lines != nil }

// narrow returns the findings that are new, and the entries of the baseline
// that were not found.
func (w *narrowing) narrow(findings []*finding.Finding) (fresh []*finding.Finding, left []baseline.Entry) {
	known := make([]bool, len(findings))
	if w.list != nil {
		m := w.list.Match(filepath.Dir(w.file), findings, func(f *finding.Finding) bool { return !w.changed(f) }, gone)
		known, left = m.Known, m.Left
	}
	w.shown, w.hidden = make(map[string]int), make(map[string]int)
	for i, f := range findings {
		if known[i] || !w.changed(f) {
			w.hidden[fingerprint.Of(f)]++
			continue
		}
		w.shown[fingerprint.Of(f)]++
		fresh = append(fresh, f)
	}
	return fresh, left
}

// again is narrow for code that fixes have changed since, so that its lines no longer
// decide which findings are new. If some findings with a fingerprint were old, they cannot
// be distinguished from the new ones and must not be fixed: fixable has the others.
func (w *narrowing) again(findings []*finding.Finding) (fresh, fixable []*finding.Finding) {
	old := make(map[string]int)
	for _, f := range findings {
		mark := fingerprint.Of(f)
		switch old[mark]++; {
		case w.shown[mark] == 0, old[mark] <= w.hidden[mark]:
			continue
		case w.hidden[mark] == 0:
			fixable = append(fixable, f)
		}
		fresh = append(fresh, f)
	}
	return fresh, fixable
}

// changed reports whether the use of a finding, or its check, is on a line
// that is new.
func (w *narrowing) changed(f *finding.Finding) bool {
	if w.lines == nil {
		return true
	}
	on := func(p *finding.Place) bool {
		return p != nil && w.lines.Has(p.Path, p.Start.Line, max(p.Start.Line, p.End.Line))
	}
	return on(&f.Use) || on(f.Check)
}

func gone(file string) bool {
	_, err := os.Lstat(file)
	return errors.Is(err, fs.ErrNotExist)
}

// stale returns those of the entries that were not found which this run would
// have found if they existed: of files that it has analyzed, and of passes
// that it has run. What was in a file that is gone may be in any other now.
func (w *narrowing) stale(left []baseline.Entry, o *options, pkgs []*packages.Package) []baseline.Entry {
	if !covers(o.with(), w.list.With) || o.settings.Severity > severity.Low {
		return nil
	}
	files := make(map[string]bool)
	for _, pkg := range pkgs {
		for _, f := range slices.Concat(pkg.GoFiles, pkg.CompiledGoFiles) {
			files[f] = true
		}
	}
	selected := func(rule string) bool {
		return slices.ContainsFunc(o.selected(), func(a *analysis.Analyzer) bool { return a.Name == rule })
	}
	return slices.DeleteFunc(slices.Clone(left), func(e baseline.Entry) bool {
		file := filepath.Join(filepath.Dir(w.file), filepath.FromSlash(e.File))
		analyzed := files[file] || w.whole && gone(file)
		return !analyzed || !selected(e.Rule)
	})
}

// with lists the settings of the run that add findings.
func (o *options) with() []string {
	var with []string
	for name, on := range map[string]bool{"strict": o.settings.Strict, "tests": o.settings.Tests, "generated": o.settings.Generated} {
		if on {
			with = append(with, name)
		}
	}
	for _, a := range o.selected() {
		if f := a.Flags.Lookup("strict"); f != nil && f.Value.String() == "true" {
			with = append(with, a.Name+".strict")
		}
	}
	slices.Sort(with)
	return with
}

// covers reports whether a run with the settings now reports all that a run with the
// settings then did.
func covers(now, then []string) bool {
	return !slices.ContainsFunc(then, func(s string) bool {
		all := strings.HasSuffix(s, ".strict") && slices.Contains(now, "strict")
		return !all && !slices.Contains(now, s)
	})
}

// apply narrows the findings of a run to what is to be reported, and brings
// the baseline up to date if a flag says so.
func (w *narrowing) apply(o *options, pkgs []*packages.Package, findings []*finding.Finding) ([]*finding.Finding, error) {
	fresh, left := w.narrow(findings)
	switch {
	case w.flags.write:
		return nil, w.record(o, pkgs, findings, left)
	case w.list == nil:
		return fresh, nil
	case w.flags.prune && o.settings.Severity > severity.Low:
		return nil, errors.New("-prune-baseline cannot be combined with -severity, which hides findings that still exist")
	case w.flags.prune && !covers(o.with(), w.list.With):
		return nil, fmt.Errorf("-prune-baseline: the baseline was recorded with %s; use the same flags", strings.Join(w.list.With, ", "))
	}
	stale := w.stale(left, o, pkgs)
	switch n := baseline.Count(stale); {
	case n == 0:
	case w.flags.prune:
		if err := w.replace(w.list.Without(stale)); err != nil {
			return nil, err
		}
		w.note = fmt.Sprintf("%s removed from %s", count(n), w.flags.baseline)
	default:
		w.note = fmt.Sprintf("%s no longer found but still in %s; use -prune-baseline to remove such entries", count(n), w.flags.baseline)
	}
	return fresh, nil
}

// record writes the findings down. What an older list has of packages, files
// and passes that this run has not looked at stays.
func (w *narrowing) record(o *options, pkgs []*packages.Package, findings []*finding.Finding, left []baseline.Entry) error {
	list := baseline.New(filepath.Dir(w.file), findings, o.with())
	kept := 0
	if w.list != nil {
		stale := w.stale(left, o, pkgs)
		rest := (&baseline.List{Findings: left}).Without(stale).Findings
		if kept = baseline.Count(rest); kept > 0 {
			list = list.And(rest, w.list.With)
		}
	}
	if err := w.replace(list); err != nil {
		return err
	}
	w.note = fmt.Sprintf("%s recorded in %s", count(len(findings)), w.flags.baseline)
	if kept > 0 {
		w.note += fmt.Sprintf("; %s kept, which this run does not cover", count(kept))
	}
	return nil
}

// count says how many findings are something.
func count(n int) string {
	if n == 1 {
		return "1 finding is"
	}
	return fmt.Sprintf("%d findings are", n)
}

// replace gives the baseline file new content, whole or not at all.
func (w *narrowing) replace(list *baseline.List) error {
	if err := writeWhole(w.file, list.Format()); err != nil {
		return fmt.Errorf("-baseline %s cannot be written: %w", w.flags.baseline, reason(err))
	}
	return nil
}
