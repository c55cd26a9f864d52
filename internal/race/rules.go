package race

import (
	"cmp"
	"go/token"
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/env"
	"github.com/edcacfbd/toctou/internal/pathops"
	"github.com/edcacfbd/toctou/internal/settings"
)

// Engine is what the passes of one suite share: one analyzer that computes
// the findings of all kinds, the settings and the environment.
type Engine struct {
	Analyzer *analysis.Analyzer // its result is a *Result
	Settings *settings.Settings
	Env      *env.Env
}

// New returns an engine with settings s in the environment e. Both may change
// until it runs.
func New(s *settings.Settings, e *env.Env) *Engine {
	paths := pathops.New(s, e)
	return &Engine{
		Settings: s,
		Env:      e,
		Analyzer: &analysis.Analyzer{
			Name:       "toctouraces",
			Doc:        "pair the operations of each function on paths",
			ResultType: reflect.TypeFor[*Result](),
			Requires:   []*analysis.Analyzer{paths},
			Run: func(pass *analysis.Pass) (res any, err error) {
				defer e.Recover(pass.Pkg.Path(), func() { res, err = &Result{Ops: &pathops.Result{}}, nil })
				ops := pass.ResultOf[paths].(*pathops.Result)
				findings := find(ops, func(f *Finding) {
					e.Debugf("%s: %s: %s: %s (%s)", pass.Fset.Position(f.Pos()), f.Kind, f.Verdict, f.Use.Path, f.Reason)
				})
				return &Result{Findings: findings, Ops: ops}, nil
			},
		},
	}
}

// find returns the findings of a package, in the order of their positions: of
// one call the gravest, whichever of its paths that is about. It shows consider
// those, too, that others at the same call beat.
func find(ops *pathops.Result, consider func(*Finding)) []*Finding {
	ev := newEvidence(ops)
	best := make(map[token.Pos]*Finding)
	note := func(f *Finding) {
		consider(f)
		if have := best[f.Pos()]; have == nil || f.beats(have) {
			best[f.Pos()] = f
		}
	}
	for _, f := range ops.Funcs {
		for _, finding := range function(ops, f, ev) {
			finding.Fn = f.Fn
			note(finding)
		}
	}
	for _, finding := range numberOwners(ops) {
		note(finding)
	}
	list := make([]*Finding, 0, len(best))
	for _, f := range best {
		list = append(list, f)
	}
	slices.SortFunc(list, func(f, g *Finding) int { return cmp.Compare(f.Pos(), g.Pos()) })
	return list
}

// function returns what there is to say of the uses in one function.
func function(ops *pathops.Result, f *pathops.Func, ev *evidence) []*Finding {
	found := fdLife(ops, f)
	if len(f.Ops) == 0 {
		return found
	}
	scene := newScene(ops, f)
	for _, group := range byPath(f) {
		w := newWindow(scene, group)
		found = append(found, existsCreate(w)...)
		found = append(found, writeChmod(w)...)
		found = append(found, statOpen(w)...)
		found = append(found, pathReuse(w, ev)...)
		found = append(found, checkAct(w)...)
		found = append(found, tempName(w, ev)...)
		found = append(found, resolveOpen(w)...)
		found = append(found, walkRace(w)...)
		torn := tornWrite(w, ev)
		found = append(found, torn...)
		found = append(found, lostUpdate(w, torn, ev)...)
	}
	return found
}

// byPath groups the operations of a function by their paths, in order.
func byPath(f *pathops.Func) [][]*pathops.Op {
	at := make(map[any]int)
	var groups [][]*pathops.Op
	for _, op := range f.Ops {
		i, ok := at[op.Path]
		if !ok {
			i = len(groups)
			at[op.Path] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], op)
	}
	return groups
}
