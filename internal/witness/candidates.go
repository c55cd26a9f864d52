package witness

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/edcacfbd/toctou/internal/finding"
	"github.com/edcacfbd/toctou/internal/witness/wire"
)

// A Candidate is two operations that a test has performed on one path in one call of a
// function, and that no finding names.
type Candidate struct {
	Function      string
	File          string
	First, Second Step
	Test          string // one that has performed them
	Times         int
}

// A Step is one of the operations.
type Step struct {
	Line      int
	Operation string
}

// looks lists the operations that can be a check, and acts those that can be a use. A
// look is a use if the file is open.
var (
	looks = []string{"os.Stat", "os.Lstat", "os.ReadFile", "os.ReadDir", "os.Readlink", "(*os.Root).Stat", "(*os.Root).Lstat"}
	opens = []string{"os.Open", "os.OpenFile", "os.Create", "os.CreateTemp", "(*os.Root).Open", "(*os.Root).OpenFile", "(*os.Root).Create"}
	acts  = []string{"os.Chmod", "os.Chown", "os.Lchown", "os.Chtimes", "os.Truncate", "os.Mkdir", "os.Remove", "os.RemoveAll", "os.Rename",
		"os.Symlink", "os.Link", "os.WriteFile", "os.ReadFile", "os.StartProcess", "(*os.Root).Remove", "(*os.Root).Rename", "(*os.Root).WriteFile"}
)

// Candidates lists the pairs of what was recorded that none of the findings names. The
// functions are those of the packages whose tests were run; test files are left out.
//
//	if _, err := os.Stat(path); err == nil {  // the first
//		os.Remove(path)                       // the second, called from the same call
//	}
func (r *Report) Candidates(findings []*finding.Finding) []*Candidate {
	ours := make(map[string]bool)
	for _, rec := range r.Recorded {
		ours[rec.Package.ImportPath] = true
		for _, dep := range rec.Package.Deps {
			if root := rec.Package.root(); root != "" && strings.HasPrefix(dep, modulePrefix(rec.Package)) {
				ours[dep] = true
			}
		}
	}
	known := make(map[string]bool)
	for _, f := range findings {
		known[fmt.Sprintf("%s:%d", f.Use.Path, f.Use.Start.Line)] = true
	}
	found := make(map[string]*Candidate)
	for _, rec := range r.Recorded {
		if rec.Log != nil {
			rec.candidates(ours, known, found)
		}
	}
	var list []*Candidate
	for _, c := range found {
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b *Candidate) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Second.Line, b.Second.Line), cmp.Compare(a.First.Line, b.First.Line),
			cmp.Compare(a.Second.Operation, b.Second.Operation), cmp.Compare(a.First.Operation, b.First.Operation))
	})
	return list
}

// modulePrefix returns what the import paths of the package's module begin with.
func modulePrefix(p *Package) string {
	rel, err := filepath.Rel(p.root(), p.Dir)
	if err != nil || rel == "." {
		return p.ImportPath
	}
	return strings.TrimSuffix(p.ImportPath, filepath.ToSlash(rel))
}

// candidates adds the pairs of one package.
func (r *Recorded) candidates(ours, known map[string]bool, found map[string]*Candidate) {
	last := make(map[string][]Step) // by path and call, what was done so far
	for i := range r.Log.Events {
		e := &r.Log.Events[i]
		if e.Kind != wire.Operation {
			continue
		}
		done := make(map[Step]bool) // with which firsts the pair is counted: in the innermost common call
		for k, frame := range e.Frames {
			if !ours[packageOf(frame.Function)] || strings.HasSuffix(frame.File, "_test.go") {
				continue
			}
			key := fmt.Sprintf("%d %s %s %s %v", e.Process, e.Test, e.Name, frame.Function, e.Frames[k+1:])
			now := Step{frame.Line, named(e.Operation)}
			for _, first := range last[key] {
				if first.Line == now.Line || done[first] || !isPair(first.Operation, now.Operation) || known[fmt.Sprintf("%s:%d", frame.File, now.Line)] {
					continue
				}
				done[first] = true
				id := fmt.Sprintf("%s:%d:%d:%s:%s", frame.File, first.Line, now.Line, first.Operation, now.Operation)
				if found[id] == nil {
					found[id] = &Candidate{Function: frame.Function, File: frame.File, First: first, Second: now, Test: e.Test}
				}
				found[id].Times++
			}
			if !slices.Contains(last[key], now) && len(last[key]) < 64 {
				last[key] = append(last[key], now)
			}
		}
	}
}

// isPair reports whether the second of two operations may trust the first.
func isPair(first, second string) bool {
	switch {
	case slices.Contains(looks, first):
		return slices.Contains(acts, second) || slices.Contains(opens, second)
	case slices.Contains(opens, first):
		return slices.Contains(acts, second) || slices.Contains(looks, second)
	}
	return false
}
