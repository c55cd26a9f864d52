package race

import (
	"cmp"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// maxPairs bounds how many pairs of operations are looked at in one function.
// Operations on one path make the square of their number; real functions have a
// few hundred pairs.
const maxPairs = 1 << 16

// scene is what a function holds whatever the path of a window is. It is looked
// for once, since a function may have as many windows as operations.
type scene struct {
	ops *pathops.Result
	f   *pathops.Func
	ev  *evidence

	traits   fsapi.Traits                  // of what it calls, all together
	marshals bool                          // it marshals something, or encodes it into a file
	locks    []*ssa.Call                   // that take a lock which other processes respect
	syncs    map[*fspath.Value][]*ssa.Call // by the path of the file, the flushes whose error is ignored
	moves    []ssa.Instruction             // to another working directory
	claims   []*pathops.Op                 // exclusive creations, under names that others know, of what is removed when the function ends
	openers  map[*fspath.Value][]numbered  // by path, confined or not, what opens a file
	either   map[*fspath.Value][]numbered  // creations of one path or another, by each of those
	partly   []numbered                    // creations of a path of which a part is one or another
	pairs    int                           // looked at
}

// numbered is an operation with its place in the order of the function's.
type numbered struct {
	*pathops.Op
	at int
}

func newScene(ops *pathops.Result, f *pathops.Func, ev *evidence) *scene {
	s := &scene{
		ops: ops, f: f, ev: ev,
		syncs:   make(map[*fspath.Value][]*ssa.Call),
		openers: make(map[*fspath.Value][]numbered),
		either:  make(map[*fspath.Value][]numbered),
	}
	for _, b := range f.Fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok {
				s.addCall(call)
			}
		}
	}
	removed := make(map[*fspath.Value]bool)
	for i, op := range f.Ops {
		s.addOp(numbered{op, i})
		if op.Deferred && op.Effect == fsapi.Remove {
			removed[op.Path] = true
		}
	}
	for _, op := range f.Ops {
		if op.Effect == fsapi.CreateExclusive && op.Row.Gives != fsapi.NewFile && removed[op.Path] {
			s.claims = append(s.claims, op)
		}
	}
	return s
}

// marshals reports whether a call marshals something, or encodes it into a file.
//
//	json.Marshal(v), json.NewEncoder(f).Encode(v)
//	json.Unmarshal(data, v) // no
func marshals(call *ssa.Call) bool {
	row := fspath.Known(call)
	return row != nil && (row.Gives == fsapi.Marshalled || row.Has(fsapi.Encodes))
}

func (s *scene) addCall(call *ssa.Call) {
	s.marshals = s.marshals || marshals(call)
	row := s.ops.Row(call)
	if row != nil {
		s.traits |= row.Traits
	}
	if s.ops.LocksFile(call) {
		s.locks = append(s.locks, call)
	}
	if row.Has(fsapi.Syncs) && len(*call.Referrers()) == 0 && len(call.Common().Args) > 0 {
		file := s.ops.Numbers.Opened(s.ops.Numbers.Of(call.Common().Args[0]))
		s.syncs[file] = append(s.syncs[file], call)
	}
}

// addOp notes an operation where the questions about a function look for it.
//
//	f, err := os.Open(path)        // one of its openers
//	path := other
//	if fresh {
//		path = target
//	}
//	os.Create(path)                        // either, of other and of target
//	os.Create(filepath.Join(path, "name")) // partly
func (s *scene) addOp(op numbered) {
	if instr, ok := op.Call.(ssa.Instruction); ok && op.Effect == fsapi.ChangeDir {
		s.moves = append(s.moves, instr)
	}
	if !op.Deferred && !op.Handle && (op.Opens || op.Effect == fsapi.Open) {
		s.openers[op.Path] = append(s.openers[op.Path], op)
		if outside := s.ops.Numbers.Outside(op.Path); op.Opens && outside != nil && outside != op.Path {
			s.openers[outside] = append(s.openers[outside], op)
		}
	}
	if op.Effect != fsapi.Create {
		return
	}
	if phi := phiOf(op.Path); phi != nil {
		for _, e := range phi.Edges {
			v := s.ops.Numbers.Of(e)
			if !slices.Contains(s.either[v], op) {
				s.either[v] = append(s.either[v], op)
			}
		}
	} else if !op.Path.Walk(func(v *fspath.Value) bool { return phiOf(v) == nil }) {
		s.partly = append(s.partly, op)
	}
}

// creationsOf lists the creations of a path that is this one on one of the ways
// to them.
func (s *scene) creationsOf(path *fspath.Value) []*pathops.Op {
	found := slices.Clone(s.either[path])
	for _, op := range s.partly {
		if s.ops.Numbers.MayBe(op.Path, path) {
			found = append(found, op)
		}
	}
	return inOrder(found, func(op numbered) bool { return op.Path != path })
}

// inOrder lists those of the operations that hold a condition, each once, in
// the order of the function.
func inOrder(list []numbered, holds func(numbered) bool) []*pathops.Op {
	slices.SortFunc(list, func(a, b numbered) int { return cmp.Compare(a.at, b.at) })
	var ops []*pathops.Op
	for _, op := range slices.Compact(list) {
		if holds(op) {
			ops = append(ops, op.Op)
		}
	}
	return ops
}

// mayPair reports whether one more pair may be looked at.
func (s *scene) mayPair() bool {
	if s.pairs == maxPairs {
		return false
	}
	if s.pairs++; s.pairs == maxPairs {
		s.ops.GiveUp(s.f.Fn)
	}
	return true
}
