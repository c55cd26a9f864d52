package race

import (
	"cmp"
	"go/token"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// A Program joins what several packages show of their files. One that is analyzed
// alone knows of itself, and of what it imports by facts; not of the one beside it that
// reads a file which it writes:
//
//	// package store                                 // package report
//	os.WriteFile(conf.File(), text, 0o600)            text, err := os.ReadFile(conf.File())
//	                                                  …
//	                                                  return json.Unmarshal(text, &s)
//
// So each package leaves here what it shows, and which of its questions others may
// answer. Settle joins that when all have been analyzed, and returns the packages whose
// answers change: they are analyzed once more, and their rules weigh with what is
// joined. A path is known to others by its keys.
type Program struct {
	visible func(Level) bool

	mu      sync.Mutex
	parts   map[string][]part // by the path of a package, of which there may be variants
	joined  *joined           // nil until Settle
	changed map[string]bool   // by path, the packages whose answers were others with what was joined
}

// part is what one package has left.
type part struct {
	shown     *shown
	questions []question
}

// NewProgram returns a program without packages, given the levels of the findings that
// a user may see.
func NewProgram(visible func(Level) bool) *Program {
	return &Program{visible: visible, parts: make(map[string][]part)}
}

// shown is what one package shows of its files, by the keys of their paths. It holds
// on to nothing of the package.
type shown struct {
	path    string // of the package
	needs   map[string]need
	readers map[string]reading
	moved   map[string]bool           // renamed to others
	kept    map[string][]keptContent  // what functions keep of files that they read
	from    map[string]fspath.Origins // of what is stored in fields and variables
	system  map[string]bool           // those that constants in directories of the system are stored in
	stores  map[string]int            // of paths to fields
	varying map[string]bool           // the functions that do not return the same path each time
	moves   bool                      // it changes the working directory
	keeps   bool                      // kept is looked for
}

// spot is where something is in the sources. Positions depend on which package was
// read first, so that what is sorted is sorted by the file and the line.
type spot struct {
	pos token.Pos
	at  token.Position
}

func (p spot) compare(other spot) int {
	return cmp.Or(cmp.Compare(p.at.Filename, other.at.Filename), cmp.Compare(p.at.Offset, other.at.Offset))
}

// reading is what reads a file.
type reading struct {
	does  reader
	where spot // of the first that fails over half of it, or else of the first
}

// with returns what reads a file, where r and other do.
func (r reading) with(other reading) reading {
	if r.does == 0 {
		return other
	}
	before, after := r.does.has(failsOver), other.does.has(failsOver)
	graver, first := after && !before, after == before && other.where.compare(r.where) < 0
	if graver || first {
		r.where = other.where
	}
	r.does |= other.does
	return r
}

// keptContent is what a function keeps of a file that it reads.
type keptContent struct {
	path  string // of its package
	where spot
	row   *fsapi.Func
	holds map[string]bool // fields, variables, and types of objects that are filled as a whole
}

// question is what other packages may change of the answer about one overwrite.
type question struct {
	chains []chain
	keys   []string // of a file that is written with what may have been kept of it, where there are no chains
}

// seen is what one path of an overwrite shows: facts, and what other packages may add.
type seen struct {
	facts   fact     // without those about readers
	readers []reader // of the package, by identity
	form    bool     // the package reads a path of the same form

	keys, dirs []string // of the path, and of its directory
	parts      []string // the fields and variables that it is computed from
	first      string   // that of them which it begins with, or ""
}

// chain is what the functions of one chain of callers show of an overwrite.
type chain struct {
	facts fact
	paths []*seen
}

// with returns the facts of a chain, with those that other packages add.
func (c *chain) with(j *joined) fact {
	facts := c.facts
	for _, path := range c.paths {
		facts |= path.with(j)
	}
	return facts
}

func (s *seen) with(j *joined) fact {
	facts, readers := s.facts, s.readers
	if elsewhere := j.readersOf(s.keys); elsewhere.does != 0 {
		all := elsewhere.does
		for _, r := range readers {
			all |= r
		}
		readers = []reader{all}
	}
	for _, r := range readers {
		switch facts |= readBack; {
		case r.has(failsOver):
			facts |= parsedBack
		case r == recovers:
			facts |= healed
		}
	}
	if s.form {
		facts |= sameForm
	}
	return facts | j.factsOf(s)
}

// note adds what a package shows, and its questions.
func (p *Program) note(s *shown, ev *evidence) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.parts[s.path] = append(p.parts[s.path], part{s, ev.questions})
}

// Forget prepares for another analysis of a package: its source has changed. What was
// joined is joined anew by Settle.
func (p *Program) Forget(path string) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.parts, path)
	p.joined = nil
}

// Settle joins what the packages show, and returns the paths of those that are to be
// analyzed once more: what they find, and a user sees, is other with that, or was other
// when they were joined before.
func (p *Program) Settle() map[string]bool {
	if p == nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.joined != nil {
		return nil // nothing has changed since
	}
	p.joined = p.join()
	again := p.changed
	p.changed = make(map[string]bool)
	for path, parts := range p.parts {
		for _, part := range parts {
			if slices.ContainsFunc(part.questions, func(q question) bool { return p.joined.changes(q, path, p.visible) }) {
				p.changed[path] = true
			}
		}
	}
	all := maps.Clone(p.changed)
	maps.Copy(all, again)
	return all
}

// meet prepares the evidence of a package for the program. It returns what the package
// shows, or nil if all have been joined, or there is no program.
func (p *Program) meet(pass *analysis.Pass, table *fsapi.Table, ev *evidence) *shown {
	if p == nil {
		return nil
	}
	p.mu.Lock()
	ev.joined = p.joined
	p.mu.Unlock()
	touches := len(ev.ops.Funcs) > 0
	if touches {
		ev.keys = newKeys(ev.ops, pass.TypesInfo)
	}
	if ev.joined != nil {
		return nil
	}
	s := newShown(pass.Pkg.Path())
	s.keeps = p.visible(Strict)
	scan := &scan{pass, table, s, !touches}
	scan.run()
	if touches {
		ev.show(s)
	}
	return s
}

// joined is what all packages of a program show.
type joined struct {
	shown
	packages map[string]bool
	outside  map[string]bool // fields that others than the package of their type set to paths
}

func (p *Program) join() *joined {
	j := &joined{packages: make(map[string]bool), outside: make(map[string]bool), shown: *newShown("")}
	for path, parts := range p.parts {
		j.packages[path] = true
		for _, part := range parts {
			j.add(part.shown)
		}
	}
	for _, list := range j.kept {
		slices.SortFunc(list, func(a, b keptContent) int { return a.where.compare(b.where) })
	}
	return j
}

// add joins what one package shows.
func (j *joined) add(s *shown) {
	j.moves = j.moves || s.moves
	maps.Copy(j.needs, s.needs)
	maps.Copy(j.moved, s.moved)
	maps.Copy(j.system, s.system)
	maps.Copy(j.varying, s.varying)
	for key, r := range s.readers {
		j.readers[key] = r.with(j.readers[key])
	}
	for key, list := range s.kept {
		j.kept[key] = append(j.kept[key], list...)
	}
	for key, from := range s.from {
		j.from[key] |= from
	}
	for field, n := range s.stores {
		j.stores[field] += n
		if packageOf(field[:strings.LastIndexByte(field, '.')]) != s.path {
			j.outside[field] = true
		}
	}
}

func newShown(path string) *shown {
	return &shown{
		path:    path,
		needs:   make(map[string]need),
		readers: make(map[string]reading),
		moved:   make(map[string]bool),
		kept:    make(map[string][]keptContent),
		from:    make(map[string]fspath.Origins),
		system:  make(map[string]bool),
		stores:  make(map[string]int),
		varying: make(map[string]bool),
	}
}

// holds reports whether a key is one path wherever it is met in the program. Of a
// field that is so if only the package of its type chooses the paths in it, or if this
// happens at one place only:
//
//	func Load(path string) *Config { return &Config{Path: path} } // in package conf
//
// and not if two packages have a value each of a type that any package can fill:
//
//	out := &work.File{Path: flag.Arg(0)} // in package writer
//	in := &work.File{Path: "/etc/in"}    // in package reader
func (j *joined) holds(key string) bool {
	n, ok := j.needs[key]
	if !ok || n.relative && j.moves {
		return false
	}
	for _, pkg := range n.packages {
		if !j.packages[pkg] {
			return false
		}
	}
	for _, field := range n.fields {
		if j.outside[field] && j.stores[field] > 1 {
			return false
		}
	}
	for _, fn := range n.funcs {
		if j.varying[fn] {
			return false
		}
	}
	return true
}

// readersOf returns what reads the file of any of the keys.
func (j *joined) readersOf(keys []string) (all reading) {
	if j == nil {
		return all
	}
	for _, key := range keys {
		if r := j.readers[key]; r.does != 0 && j.holds(key) {
			all = all.with(r)
		}
	}
	return all
}

// factsOf returns what else the packages show of a path: where what is stored in its
// fields and variables comes from, and whether its directory is renamed.
func (j *joined) factsOf(s *seen) (facts fact) {
	if j == nil {
		return 0
	}
	for _, key := range s.dirs {
		if j.moved[key] && j.holds(key) {
			facts |= movedLater
		}
	}
	for _, part := range s.parts {
		facts |= originFacts(j.from[part])
	}
	if j.system[s.first] {
		facts |= systemDir
	}
	return facts
}

// changes reports whether the answer to a question is other with what is joined, if
// one of the answers is visible.
func (j *joined) changes(q question, path string, visible func(Level) bool) bool {
	if q.chains == nil {
		return len(j.keptOf(q.keys, path)) > 0
	}
	_, alone := decide(q.chains, nil)
	_, together := decide(q.chains, j)
	return alone != together && (visible(alone.Level) || visible(together.Level))
}

// keptOf lists what the functions of other packages keep of the file of any of the keys.
func (j *joined) keptOf(keys []string, pkg string) (list []keptContent) {
	if j == nil {
		return nil
	}
	for _, key := range keys {
		if len(j.kept[key]) == 0 || !j.holds(key) {
			continue
		}
		for _, k := range j.kept[key] {
			if k.path != pkg {
				list = append(list, k)
			}
		}
	}
	return list
}

// weighed is the chain of callers that decides about an overwrite.
type weighed struct {
	weighing
	chain *chain
}

// gravest returns the chain with the highest sum, of equals the first, given what other
// packages add.
func gravest(chains []chain, j *joined) (found weighed) {
	for i := range chains {
		if sum := weigh(chains[i].with(j)); i == 0 || sum.sum > found.sum {
			found = weighed{sum, &chains[i]}
		}
	}
	return found
}

// decide returns the chain that decides about an overwrite, with its reason. What other
// packages add changes the answer only if the level is another one with that. If it is
// a reader that decides then, the reason says so.
func decide(chains []chain, j *joined) (weighed, Reason) {
	alone := gravest(chains, nil)
	if j == nil {
		return alone, alone.reason()
	}
	together := gravest(chains, j)
	reason, own := together.reason(), together.chain.with(nil)
	switch {
	case reason.Level == alone.reason().Level:
		return alone, alone.reason()
	case reason == tornLoaded && own&parsedBack == 0:
		reason = tornLoadedElsewhere
	case reason == tornRead && own&(readBack|sameForm) == 0:
		reason = tornReadElsewhere
	}
	return together, reason
}

// readElsewhere returns where another package reads what is overwritten, the first
// place that fails over half of it.
func (w weighed) readElsewhere(j *joined) token.Pos {
	var all reading
	for _, path := range w.chain.paths {
		if r := j.readersOf(path.keys); r.does != 0 {
			all = all.with(r)
		}
	}
	return all.where.pos
}

// show records what the package shows to others of the program.
func (ev *evidence) show(s *shown) {
	s.needs = ev.keys.needs
	ev.shown = s
	u := &updates{ops: ev.ops, funcs: ev.funcs}
	for _, f := range ev.ops.Funcs {
		if ev.ops.InTest(f.Fn) {
			continue
		}
		for _, op := range f.Ops {
			ev.showOp(s, op)
			if s.keeps && u.readsItself(op) {
				ev.showKept(u, f, op)
			}
		}
		ev.showStores(s, f.Fn)
	}
	ev.ops.Numbers.EachSet(func(key string, from fspath.Origins) { s.from[key] |= from })
}

func (ev *evidence) showOp(s *shown, op *pathops.Op) {
	switch op.Effect {
	case fsapi.Open:
		r := reading{ev.readerOf(op), ev.spotOf(op.At)}
		for _, key := range ev.keysOf(op.Path) {
			s.readers[key] = r.with(s.readers[key])
		}
	case fsapi.Move:
		for _, key := range ev.keysOf(op.Path) {
			s.moved[key] = true
		}
	case fsapi.ChangeDir:
		s.moves = true
	}
}

// showStores records what a function stores in fields and variables: how many paths,
// and where they come from.
func (ev *evidence) showStores(s *shown, fn *ssa.Function) {
	ev.ops.Numbers.EachStore(fn, func(key string, field bool, value ssa.Value) {
		if !isString(value.Type()) {
			return
		}
		v := ev.ops.Numbers.Of(value)
		if text, ok := v.Text(); ok && text == "" {
			return
		}
		if field {
			s.stores[key]++
		}
		if from := ev.ops.Numbers.Origins(v); !from.Fresh() {
			s.from[key] |= from.Held()
		}
		if constantBelow(v, systemDirs) {
			s.system[key] = true
		}
	})
}

func (ev *evidence) spotOf(pos token.Pos) spot { return spot{pos, ev.ops.Position(pos)} }

// keysOf returns the keys of a path, and those of the fields that hold it; see known.
func (ev *evidence) keysOf(path *fspath.Value) []string {
	list := slices.Clone(ev.keys.of(path))
	held := func(v *fspath.Value) {
		for _, field := range ev.kept[v] {
			i := strings.LastIndexByte(field, '.')
			list = append(list, ev.keys.field(field[:i], field[i+1:])...)
		}
	}
	held(path)
	if values := ev.ops.Numbers.Stored(path); len(values) == 1 {
		list = append(list, ev.keys.of(values[0])...)
		held(values[0])
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// openQuestions records what other packages may add to the facts about a path.
func (ev *evidence) openQuestions(s *seen, path *fspath.Value) {
	s.keys = ev.keysOf(path)
	if dir := directory(path); dir != nil {
		s.dirs = ev.keysOf(dir)
	}
	s.parts = ev.keys.parts(path)
	if parts := ev.keys.parts(leftmost(path)); len(parts) == 1 {
		s.first = parts[0]
	}
}
