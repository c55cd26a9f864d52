package driver

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/edcacfbd/toctou/internal/config"
	"github.com/edcacfbd/toctou/internal/env"
	"github.com/edcacfbd/toctou/internal/lsp"
	"github.com/edcacfbd/toctou/internal/reach"
)

// sessions analyze the packages of the open files of an editor, those of each module
// or workspace in a session of its own. They implement lsp.Analyzer.
type sessions struct {
	args   []string // the flags of each
	stderr io.Writer
	of     map[string]*session // by root
}

func newSessions(args []string, stderr io.Writer) *sessions {
	return &sessions{args: args, stderr: stderr, of: make(map[string]*session)}
}

// options returns the options of a run, which has a suite of its own, and what is no
// flag among the arguments.
func (s *sessions) options() (*options, []string, error) {
	o := newOptions()
	o.flagged = o.sharedFlags()
	o.flagged.StringVar(&o.tags, "tags", "", "analyze the files selected by the comma-separated `list` of build tags")
	rest, err := parse(o.flagged, s.args)
	o.startDebug(s.stderr)
	return o, rest, err
}

// Analyze implements lsp.Analyzer.
func (s *sessions) Analyze(open map[string][]byte) *lsp.Result {
	whole := new(lsp.Result)
	roots := make(map[string][]string)
	for _, file := range slices.Sorted(maps.Keys(open)) {
		root, why := rootOf(file)
		if why != "" {
			whole.Notes = append(whole.Notes, why)
			continue
		}
		roots[root] = append(roots[root], file)
	}
	for root := range s.of {
		if roots[root] == nil {
			delete(s.of, root) // with its types and facts
		}
	}
	for _, root := range slices.Sorted(maps.Keys(roots)) {
		if s.of[root] == nil {
			s.of[root] = &session{root: root}
		}
		o, _, err := s.options()
		if err != nil {
			whole.Notes = append(whole.Notes, err.Error())
			continue
		}
		part := s.of[root].analyze(o, roots[root], open)
		whole.Findings = append(whole.Findings, part.Findings...)
		whole.Problems = append(whole.Problems, part.Problems...)
		whole.Notes = append(whole.Notes, part.Notes...)
	}
	return whole
}

// rootOf returns the folder of the go.mod that a file belongs to, or of the go.work
// where there is one, or else why the file is not analyzed.
func rootOf(file string) (root, why string) {
	dir := filepath.Dir(file)
	mod := reach.Find(dir, "go.mod")
	switch {
	case mod == "":
		return "", fmt.Sprintf("%s is not analyzed: there is no go.mod in its directory or above", file)
	case within(filepath.Join(goroot(), "src"), file):
		return "", fmt.Sprintf("%s is not analyzed: it is in the standard library", file)
	case strings.Contains(filepath.ToSlash(file), "/pkg/mod/"):
		return "", fmt.Sprintf("%s is not analyzed: it is in the module cache", file)
	}
	if work := reach.Workspace(dir); work != "" {
		return filepath.Dir(work), ""
	}
	return filepath.Dir(mod), ""
}

// within reports whether a file lies below a folder.
func within(dir, file string) bool {
	rel, err := filepath.Rel(dir, file)
	return err == nil && filepath.IsLocal(rel)
}

// A session analyzes packages of a module repeatedly, as their files change. It runs the
// go command again only if a file's imports change, or files that are not open. It
// type-checks only those packages again that have a changed file, or import such a
// package.
type session struct {
	root    string
	listing *listing
	stamp   *stamp
	open    map[string]string // the texts of the last round
	helper  string            // why the helper that the settings name cannot be imported, or ""
	rows    error             // what is wrong with the rows of the settings file

	lists int      // how often the go command has listed packages, for tests
	env   *env.Env // of the last round, with its counts
}

// analyze analyzes the packages of the files, of which open has the texts.
func (s *session) analyze(o *options, files []string, open map[string][]byte) *lsp.Result {
	overlay := make(map[string][]byte, len(files))
	for _, file := range files {
		overlay[file] = open[file]
	}
	o.env.Overlay, s.env = overlay, &o.env
	o.suite.Advise = o.helperIsAuto()
	if err := o.configure(o.flagged, s.root); err != nil {
		s.listing = nil
		return problemOf(s.root, err)
	}
	changed := s.changed(overlay)
	now := s.stamp.next(s.root, files, overlay, hashSettings(s.root))
	mended := s.listing != nil && s.listing.broken && len(changed) > 0 // perhaps
	fresh := s.listing == nil || mended || !now.equal(s.stamp)
	if fresh {
		if err := s.list(o, files); err != nil {
			s.listing = nil
			return &lsp.Result{Notes: []string{err.Error()}}
		}
		now = now.watching(s.root, s.listing.program.Packages)
	}
	s.stamp = now
	if s.helper != "" {
		o.settings.Helper = "never"
	}
	var r *result
	if fresh {
		r = s.listing.analyze(o)
		s.rows = o.checkRows(s.root, r.packages)
	} else {
		r = s.listing.again(o, func(file string) bool { return changed[file] })
	}
	if s.rows != nil {
		return problemOf(s.root, s.rows)
	}
	return &lsp.Result{Findings: r.findings, Notes: s.notes(o, r, files)}
}

// changed returns the files whose text is another one than in the last round.
func (s *session) changed(overlay map[string][]byte) map[string]bool {
	changed := make(map[string]bool)
	now := make(map[string]string, len(overlay))
	for file, text := range overlay {
		now[file] = string(text)
		if before, ok := s.open[file]; !ok || before != now[file] {
			changed[file] = true
		}
	}
	for file := range s.open {
		if _, ok := now[file]; !ok {
			changed[file] = true // it is as on disk
		}
	}
	s.open = now
	return changed
}

// list lists with the go command the packages of the files.
func (s *session) list(o *options, files []string) error {
	s.lists++
	patterns := make(map[string]bool)
	for _, file := range files {
		rel, err := filepath.Rel(s.root, filepath.Dir(file))
		if err != nil {
			return err
		}
		patterns["./"+filepath.ToSlash(rel)] = true
	}
	l, err := o.list(s.root, slices.Sorted(maps.Keys(patterns)), "")
	if err != nil {
		return err
	}
	l.broken = slices.ContainsFunc(l.program.Packages, func(pkg *packages.Package) bool { return len(pkg.Errors) > 0 })
	s.listing = l
	s.helper = ""
	switch o.settings.Helper {
	case "", "auto", "always", "never":
	default:
		s.helper = o.unusable(o.settings.Helper, s.root)
	}
	return nil
}

// notes says what was not analyzed, and why.
func (s *session) notes(o *options, r *result, files []string) []string {
	notes := slices.Clone(r.problems)
	for _, err := range r.errors {
		notes = append(notes, oneLine(err.Error()))
	}
	if s.helper != "" {
		notes = append(notes, fmt.Sprintf("fixes that need %s are not offered: %s", o.settings.Helper, s.helper))
	}
	if lackHelper(r.findings) {
		notes = append(notes, fmt.Sprintf("some findings can be fixed once the module provides the package %s: run 'toctou helper DIR' to copy it into the module", reach.Helper))
	}
	of := make(map[string]bool)
	for _, pkg := range s.listing.program.Packages {
		for _, file := range slices.Concat(pkg.GoFiles, pkg.CompiledGoFiles) {
			of[file] = true
		}
	}
	for _, file := range files {
		if !of[file] && !strings.HasSuffix(file, "_test.go") {
			notes = append(notes, fmt.Sprintf("%s is not analyzed: its build constraints or its name exclude it on this platform", relative(s.root, file)))
		}
	}
	return notes
}

// problemOf returns an error of the settings file as a problem of that.
func problemOf(root string, err error) *lsp.Result {
	var e *config.Error
	if !errors.As(err, &e) {
		return &lsp.Result{Notes: []string{err.Error()}}
	}
	file := e.File
	if !filepath.IsAbs(file) {
		file = filepath.Join(root, file)
	}
	return &lsp.Result{Problems: []lsp.Problem{{File: file, Line: e.Line, Message: e.Err.Error()}}}
}
