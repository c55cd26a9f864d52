// Package pathops finds, per function, the ordered operations on paths, those
// that it performs through the functions that it calls included.
//
// What a function does to the paths that its parameters lead to is its
// summary, and a fact: so a helper is seen through from any package.
package pathops

import (
	"go/token"
	"go/types"
	"reflect"
	"runtime"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/env"
	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/settings"
)

// Op is one operation on one path.
type Op struct {
	Effect fsapi.Effect
	Path   *fspath.Value
	Call   ssa.CallInstruction // in the function that the operation is listed for
	Row    *fsapi.Func         // what performs it in the end
	Via    *types.Func         // the wrapper that the call names; nil if it names the function of Row
	At     token.Pos           // where a reader sees it: the call, or the call within a function literal that the call runs
	Deep   token.Pos           // where it is performed: the call, or a place within the wrapper if that is in this package
	In     string              // the full name of the declared function that performs it, where that is behind Via

	Handle   bool  // it works on an open file, not on the path
	Perm     int64 // the mode of what is created, or -1 if it is not a constant
	Deferred bool  // it runs when the function ends
	NoFollow bool  // it does not follow a link in the last element
	Guarded  bool  // the wrapper itself checks the path before, or has created what it protects
	Appends  bool  // what is written goes to the end of the file (O_APPEND), as far as the call shows
	Opens    bool  // it leaves the caller with an open file of the path

	Answers []Answer // of a check: which results of the call depend on what it has found

	flags  handedFlags // of an Effect that is ByFlags
	permIn int         // one more than the parameter with the mode, of a Perm that is -1; 0 for none
	given  []Given     // what the parameters of the caller must be for the callee to perform it
}

// Name is the function that performs the operation, as a reader knows it.
func (op *Op) Name() string { return shortName(op.Row.Name) }

// Direct reports whether the call names the function of Row itself, so that its
// arguments and results are that function's: it calls no wrapper, nor a function
// literal.
func (op *Op) Direct() bool { return op.Via == nil && op.Deep == op.Call.Pos() }

// Content returns the argument that holds what a call writes, or nil if the
// call is not direct, or has none.
func (op *Op) Content() ssa.Value {
	if !op.Direct() || op.Row.Data == 0 {
		return nil
	}
	return argument(op.Call.Common(), op.Row.Data)
}

// Func is one function and what it does to paths, in source order.
type Func struct {
	Fn     *ssa.Function
	Ops    []*Op
	Scopes []*Scope // the questions whether a path lies within a directory

	sites map[ssa.CallInstruction]*site
}

// Declared returns the full name of the function, or of the declared one around a
// function literal.
func (f *Func) Declared() string { return fullName(f.Fn) }

// At returns the operations that a call performs.
func (f *Func) At(call ssa.CallInstruction) []*Op {
	if s := f.sites[call]; s != nil {
		return s.ops
	}
	return nil
}

// Result is what is known of one package.
type Result struct {
	Funcs   []*Func // in source order; nil if the package cannot touch a path
	Numbers *fspath.Numbering

	pkg *packageOps
}

// Row returns what is known of the function that a call names, or nil.
func (r *Result) Row(call ssa.CallInstruction) *fsapi.Func { return r.Numbers.Row(call) }

// Knowledge returns what a walk through a function may know when it watches
// the object of one path.
func (r *Result) Knowledge(path *fspath.Value) fate.Knowledge {
	return &knowledge{p: r.pkg, path: path}
}

// GiveUp records that a function was analyzed only in part, because it is too large.
func (r *Result) GiveUp(fn *ssa.Function) { r.pkg.giveUp(fn) }

// LocksFile reports whether a call takes a lock that other processes respect.
func (r *Result) LocksFile(call *ssa.Call) bool { return r.pkg.locksFile(call) }

// Digests reports whether a call hashes what it reads, or verifies it.
func (r *Result) Digests(call *ssa.Call) bool { return r.pkg.digests(call) }

// InTest reports whether a function is in a test file.
func (r *Result) InTest(fn *ssa.Function) bool {
	return fn.Pos().IsValid() && settings.InTest(r.pkg.pass.Fset, fn.Pos())
}

// Position returns where something is in the sources.
func (r *Result) Position(pos token.Pos) token.Position { return r.pkg.pass.Fset.Position(pos) }

// Ours reports whether a function is of the module that is analyzed, or of the package if
// there is no module.
func (r *Result) Ours(fn *types.Func) bool {
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	pass := r.pkg.pass
	if fn.Pkg() == pass.Pkg {
		return true
	}
	return within(fn.Pkg().Path(), r.pkg.module())
}

// New returns the analyzer. Several may live in one process, each with its
// own settings, but only one in a suite, since they share a type of facts.
func New(s *settings.Settings, e *env.Env) *analysis.Analyzer {
	a := &analysis.Analyzer{
		Name:       "toctoupaths",
		Doc:        "find the operations of each function on paths",
		ResultType: reflect.TypeFor[*Result](),
		FactTypes:  []analysis.Fact{new(Summary)},
	}
	// A driver may run all packages of a program at once. That many SSA forms
	// in the making need memory, and are done no sooner.
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	a.Run = func(pass *analysis.Pass) (res any, err error) {
		slots <- struct{}{}
		defer func() { <-slots }()
		defer e.Recover(pass.Pkg.Path(), func() { res, err = &Result{}, nil })
		await := func() {
			if e.Await != nil {
				<-slots
				e.Await(pass.Pkg)
				slots <- struct{}{}
			}
		}
		return run(pass, s, e, (*types.Func).Exported, await), nil
	}
	return a
}

// run finds the operations of a package. It reads the facts of other packages only after
// await has returned, and does everything before that needs none.
func run(pass *analysis.Pass, s *settings.Settings, e *env.Env, callable func(*types.Func) bool, await func()) *Result {
	e.Stats.Packages.Add(1)
	p := &packageOps{
		pass:      pass,
		settings:  s,
		env:       e,
		summaries: make(map[*ssa.Function]*Summary),
		imported:  make(map[*types.Func]*Summary),
		funcs:     make(map[*ssa.Function]*Func),
		evals:     make(map[string]evaluation),
		callable:  callable,
		await:     await,
		exiting:   make(map[*ssa.Function]bool),
		partly:    make(map[*ssa.Function]bool),

		moving: make(map[*ssa.Function]bool),

		traces:    make(map[bool]map[*fspath.Value]*trace),
		texts:     make(map[*ssa.Function]bool),
		comparing: make(map[*ssa.Function]bool),
	}
	if isStandard(pass) {
		return &Result{}
	}
	p.sources = p.readSources()
	if !p.relevant() {
		return &Result{}
	}
	e.Stats.SSA.Add(1)
	p.effort.Over, p.effort.Steps = p.giveUp, &e.Stats.Steps
	p.build()
	p.await()
	e.Stats.Functions.Add(int64(len(p.order)))
	p.analyze()
	return &Result{Funcs: p.inSourceOrder(), Numbers: p.num, pkg: p}
}

// packageOps is the work on one package.
type packageOps struct {
	pass      *analysis.Pass
	settings  *settings.Settings
	env       *env.Env
	sources   *sources
	functions []*ssa.Function // in source order, literals after the function that contains them
	order     []*ssa.Function // callees before callers, as far as recursion allows
	num       *fspath.Numbering
	summaries map[*ssa.Function]*Summary
	imported  map[*types.Func]*Summary
	funcs     map[*ssa.Function]*Func
	evals     map[string]evaluation
	callable  func(*types.Func) bool     // whether other packages can call a function: no other has a fact
	await     func()                     // returns when summaries of other packages are known
	exiting   map[*ssa.Function]bool     // whether a walk through it can end without a return
	methods   map[string][]*ssa.Function // by name, the methods of the package
	effort    fate.Effort
	moving    map[*ssa.Function]bool // whether it changes the working directory
	partly    map[*ssa.Function]bool // those that are looked at in part
	traces    map[bool]map[*fspath.Value]*trace
	texts     map[*ssa.Function]bool // whether a function works on texts alone
	comparing map[*ssa.Function]bool // those whose parameters are followed just now
}

// analyze computes the summaries, and the operations of each function.
//
//	func save(path string) error { … }       // gets a fact: others can call it
//	func (s *store) write() error { … }      // gets none if no value of store leaves the package
//	go func() { os.Remove(path) }()          // a literal gets none
func (p *packageOps) analyze() {
	p.num = fspath.NewNumbering(p.functions, p.settings.Table)
	p.num.Result = p.result
	p.num.ResultField = p.resultField
	p.num.From = p.from
	p.num.Over = p.giveUp
	// Derived paths first: a literal's operations are numbered by what the
	// function around it has computed, and that may be a call's result.
	for _, fn := range p.order {
		p.summaries[fn] = &Summary{Results: p.derived(fn), From: p.origins(fn)}
	}
	p.num.Forget()
	for _, fn := range p.order {
		f := p.collect(fn)
		p.funcs[fn] = f
		p.summarize(f)
	}
	for _, fn := range p.functions {
		obj, ok := fn.Object().(*types.Func)
		s := p.summaries[fn]
		if !ok || fn.Parent() != nil || !p.callable(obj) || !p.isOfUse(s, obj) {
			continue
		}
		p.env.Stats.Facts.Add(1)
		p.pass.ExportObjectFact(obj, s.fact())
	}
	p.exportInterfaces()
}

// giveUp records, once, that a function was analyzed only in part.
func (p *packageOps) giveUp(fn *ssa.Function) {
	if p.partly[fn] {
		return
	}
	p.partly[fn] = true
	p.env.Stats.Partly.Add(1)
	p.env.Debugf("%s: %s is analyzed only in part, because it is too large", p.pass.Fset.Position(fn.Pos()), fn)
}

func (p *packageOps) inSourceOrder() []*Func {
	var funcs []*Func
	for _, fn := range p.functions {
		if f := p.funcs[fn]; f != nil {
			funcs = append(funcs, f)
		}
	}
	return funcs
}

// summary returns the summary of a function or method, or nil.
//
//	exists(path)      // a function of this package
//	checks.Exists(p)  // of another one: its fact
//	s.Driver.Open(p)  // nil: behind an interface
func (p *packageOps) summary(fn *ssa.Function, obj *types.Func) *Summary {
	if fn != nil {
		if o := fn.Origin(); o != nil {
			fn = o
		}
		if s := p.summaries[fn]; s != nil {
			return s
		}
	}
	if obj == nil || obj.Pkg() == nil || obj.Pkg() == p.pass.Pkg || p.settings.NoFacts {
		return nil
	}
	s, ok := p.imported[obj]
	if !ok {
		s = p.importSummary(obj)
		p.imported[obj] = s
	}
	return s
}

// module returns the path of the module that the package is of, or "".
func (p *packageOps) module() string {
	if p.pass.Module == nil {
		return ""
	}
	return p.pass.Module.Path
}

// isOfUse reports whether a summary of a function says anything to other packages: to
// those of another module, more than which object it returns.
func (p *packageOps) isOfUse(s *Summary, fn *types.Func) bool {
	if s == nil || s.empty() {
		return false
	}
	return !p.required() || !s.chains(fn)
}

// required reports whether the package is of a module that another requires.
func (p *packageOps) required() bool { return p.pass.Module != nil && p.pass.Module.Version != "" }

// importSummary returns what is known of a function of another package, or nil.
func (p *packageOps) importSummary(fn *types.Func) *Summary {
	if !Concerns(fn, p.module()) {
		return nil
	}
	s := new(Summary)
	if p.pass.ImportObjectFact(fn, s) {
		return s
	}
	if p.env.Elsewhere != nil {
		s, _ := p.env.Elsewhere(fn).(*Summary)
		return s
	}
	return nil
}

func shortName(full string) string {
	// (*os.File).Chmod stays; github.com/x/y.F becomes y.F
	for i := len(full) - 1; i >= 0; i-- {
		if full[i] == '/' {
			prefix := ""
			for j := 0; j < len(full) && (full[j] == '(' || full[j] == '*'); j++ {
				prefix += string(full[j])
			}
			return prefix + full[i+1:]
		}
	}
	return full
}
