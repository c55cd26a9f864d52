package race

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// LostUpdate is a read, a change and a write without a lock.
const LostUpdate Kind = "lostupdate"

// The reasons of lostUpdate.
var (
	updateLost           = Reason{"update-lost", "no lock keeps other writers out", Strict, low}
	updateLostUnderMutex = Reason{"update-lost-under-mutex", "the lock keeps other goroutines out, but not other processes", Strict, low}
	updateKept           = Reason{"update-kept", "one function reads the content, another one writes it back, and no lock keeps other writers out", Strict, low}
	updateByUser         = Reason{"update-by-user", "a user changes the file, one command at a time", Silent, none}
)

// lostUpdate finds where a file is read, changed and written back without a lock
// that other processes respect.
//
// It leaves out what tornWrite has found: what is written in place is torn first
// of all, and that has a fix. Once the write is atomic the lost update remains.
//
//	data, err := os.ReadFile(path) // read
//	lines := append(data, line...)
//	os.WriteFile(path, lines, 0o600) // use: what was written in between is lost
//
//	os.WriteFile(path, defaults, 0o600) // made of something else
func lostUpdate(w *window) []*Finding {
	u := &updates{ops: w.ops, funcs: w.ev.funcs}
	var found []*Finding
	if w.special() {
		return nil
	}
	writes := effect(fsapi.Create, fsapi.CreateAtomic, fsapi.Replace, fsapi.Write)
	w.pairs(reads, writes, func(read, use *pathops.Op) {
		if torn(w.found, use) || w.readsItself(use) || !w.readThen(read, use) || !u.carries(w.f, read, use) {
			return
		}
		f := &Finding{Kind: LostUpdate, Use: use, Check: read}
		switch origins := w.ops.Numbers.Origins(w.path); {
		case w.locked(read.Call):
			f.Reason = fileLocked
		case origins.Has(fsapi.Argument), origins.Has(fsapi.WorkDir), origins.Has(fsapi.TempDir):
			f.Reason = updateByUser
		case w.excluded(read.Call):
			f.Reason = updateLostUnderMutex
		default:
			f.Reason = updateLost
		}
		found = append(found, f)
	})
	return found
}

// readThen reports whether use runs after read has found a file: whatever else it
// fails over then, it is not absence.
//
//	s, err := load(path) // reads, and parses
//	if errors.Is(err, fs.ErrNotExist) {
//		err = save(path, defaults) // does not run then
//	}
func (w *window) readThen(read, use *pathops.Op) bool {
	return w.walkFrom(read, fate.File, &found{w.ops.Knowledge(w.path), read.Call})[use.Call]
}

// found is knowledge of a run in which one call finds a file, and either succeeds or
// fails for another reason than absence.
type found struct {
	fate.Knowledge
	call ssa.CallInstruction
}

func (k *found) Outcomes(call ssa.CallInstruction, args fate.Tuple, s fate.State) ([]fate.Outcome, bool) {
	all, known := k.Knowledge.Outcomes(call, args, s)
	results := call.Common().Signature().Results()
	if call != k.call || !fate.ReturnsError(results) {
		return all, known
	}
	last := results.Len() - 1
	if !known {
		all = []fate.Outcome{{Results: make(fate.Tuple, last+1), State: s}}
	}
	var split []fate.Outcome
	for _, o := range all {
		if o.Exits || len(o.Results) <= last || o.Results[last] != fate.Unknown {
			split = append(split, o)
			continue
		}
		for _, err := range []fate.Abs{fate.Nil, fate.ErrOther} {
			way := o
			way.Results = slices.Clone(o.Results)
			way.Results[last] = err
			split = append(split, way)
		}
	}
	return split, true
}

// torn reports whether tornWrite has found a use, and not in silence.
func torn(findings []*Finding, use *pathops.Op) bool {
	return slices.ContainsFunc(findings, func(f *Finding) bool {
		return f.Kind == TornWrite && f.Use == use && f.Level() > Silent
	})
}

// The twin writes what comes from another field:
//
//	data, err := json.Marshal(r.lines)
//
// found is what there is to say already: where a caller of both has an update, that
// is the finding.
func keptUpdates(ev *evidence, found []*Finding) []*Finding {
	ops := ev.ops
	u := &updates{ops: ops, funcs: ev.funcs}
	loads := u.loads()
	if len(loads) == 0 && !ev.needsKept() && ev.joined == nil {
		return nil
	}
	underLock := locking(ops)
	var list []*Finding
	for _, f := range ops.Funcs {
		if ops.InTest(f.Fn) || underLock[f.Fn] {
			continue
		}
		for _, use := range f.Ops {
			if !u.writesItself(use) || foundAlready(ops.Numbers, found, use) {
				continue
			}
			read := u.writesKept(f, use, loads)
			if read != nil && underLock[read.Call.Parent()] {
				continue
			}
			if read == nil {
				read = ev.keptElsewhere(u, f, use)
			}
			if read != nil {
				finding := &Finding{Kind: LostUpdate, Use: use, Check: read, Reason: updateKept, Fn: f.Fn}
				list, found = append(list, finding), append(found, finding)
			}
		}
	}
	return list
}

// keeping is what a function keeps of a file that it reads.
type keeping struct {
	read  *pathops.Op
	holds map[any]bool // fields, variables, and types of objects that are filled as a whole
}

// loads lists, by the identities of paths, what the functions of the package keep
// of the files that they read.
//
//	func (s *store) load() error {
//		data, err := os.ReadFile(s.path)
//		return json.Unmarshal(data, &s.entries) // kept in a field
//	}
func (u *updates) loads() map[string][]keeping {
	loads := make(map[string][]keeping)
	for _, f := range u.ops.Funcs {
		if u.ops.InTest(f.Fn) {
			continue
		}
		for _, read := range f.Ops {
			if !u.readsItself(read) {
				continue
			}
			names := identities(u.ops.Numbers, read.Path)
			if len(names) == 0 {
				continue
			}
			holds := u.reading(f, []*pathops.Op{read}, 0).kept()
			if len(holds) == 0 {
				continue
			}
			for _, name := range names {
				loads[name] = append(loads[name], keeping{read, holds})
			}
		}
	}
	return loads
}

// writesItself reports whether an operation writes a file, and with what the
// function that it is listed for has at hand: a method of another package writes
// what its own object holds.
func (u *updates) writesItself(op *pathops.Op) bool {
	if op.Deferred || op.Handle || !effect(fsapi.Create, fsapi.CreateAtomic, fsapi.Replace, fsapi.Write)(op) {
		return false
	}
	return op.Via == nil || u.callee(op.Call) != nil || op.Via.Signature().Recv() == nil
}

// writesKept returns the read whose content use writes, or nil.
func (u *updates) writesKept(f *pathops.Func, use *pathops.Op, loads map[string][]keeping) *pathops.Op {
	for _, name := range identities(u.ops.Numbers, use.Path) {
		for _, k := range loads[name] {
			if k.read.Call.Parent() == f.Fn {
				continue
			}
			c := newContents(u.ops.Numbers, f)
			c.take(k.holds)
			c.spread()
			if u.writes(c, use, 0) {
				return k.read
			}
		}
	}
	return nil
}

// foundAlready reports whether there is a finding, shown or not, of a lost update by the
// same write to the same path, or one that is shown of a torn write.
func foundAlready(num *fspath.Numbering, found []*Finding, use *pathops.Op) bool {
	names := identities(num, use.Path)
	return slices.ContainsFunc(found, func(f *Finding) bool {
		if f.Use.Deep != use.Deep || f.Kind == TornWrite && f.Level() == Silent {
			return false
		}
		return f.Use.Call == use.Call || slices.ContainsFunc(identities(num, f.Use.Path), func(n string) bool { return slices.Contains(names, n) })
	})
}

// locking returns the functions that take a lock which other processes honor, and
// those that they lead to: what these do is done under the lock, as far as is seen.
func locking(ops *pathops.Result) map[*ssa.Function]bool {
	under := make(map[*ssa.Function]bool)
	var level []*ssa.Function
	for _, f := range ops.Funcs {
		if len(lockCalls(ops, f.Fn)) > 0 {
			under[f.Fn] = true
			level = append(level, f.Fn)
		}
	}
	for range maxThrough {
		var next []*ssa.Function
		for _, fn := range level {
			for _, b := range fn.Blocks {
				for _, instr := range b.Instrs {
					call, ok := instr.(ssa.CallInstruction)
					if !ok {
						continue
					}
					if callee := call.Common().StaticCallee(); callee != nil && !under[callee] {
						under[callee] = true
						next = append(next, callee)
					}
				}
			}
		}
		level = next
	}
	return under
}
