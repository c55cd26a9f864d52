package race

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// checkAct finds where a path is inspected, then removed, renamed, chmodded,
// executed or connected to on the strength of it.
func checkAct(w *window) []*Finding {
	if w.special() {
		return nil
	}
	var found []*Finding
	add := func(check, use *pathops.Op, aspect Aspect, v Verdict, reason string) {
		f := &Finding{Kind: CheckAct, Use: use, Check: check, Aspect: aspect, Verdict: v, Reason: reason}
		switch {
		case use.Guarded:
			f.Verdict, f.Reason = Silent, "the callee checks again: that is the race"
		case w.locked(check.Call):
			f.Verdict, f.Reason = Silent, "a file lock is held"
		case v == Report && w.excluded(use.Call):
			f.Verdict, f.Reason = Strict, reason+", if another process does it"
		}
		found = append(found, f)
	}
	w.pairs(inspects, effect(fsapi.Remove, fsapi.Move, fsapi.SetMode, fsapi.SetOwner, fsapi.Exec, fsapi.Connect), func(check, use *pathops.Op) {
		if aspect, v, reason := w.trusting(check, use); reason != "" {
			add(check, use, aspect, v, reason)
		}
	})
	w.pairs(effect(fsapi.Connect), effect(fsapi.Remove), func(dial, use *pathops.Op) {
		if !w.reaches(dial, use, fate.File) && w.reaches(dial, use, fate.Denied) && w.follows(use, fsapi.Listen) {
			add(dial, use, Answer, Report, "another process may listen there by now")
		}
	})
	w.pairs(effect(fsapi.CreateExclusive), effect(fsapi.Remove), func(claim, use *pathops.Op) {
		if w.reaches(claim, use, fate.File) && w.after(claim, fate.File).AllFail() && !w.looksBetween(claim, use) {
			add(claim, use, Claim, Report, "the claim was lost: the file is another one's")
		}
	})
	w.pairs(effect(fsapi.Remove), effect(fsapi.Listen), func(remove, use *pathops.Op) {
		if w.reaches(remove, use, fate.File) {
			add(remove, use, Existence, Strict, "another process may have listened there")
		}
	})
	w.pairs(effect(fsapi.Remove, fsapi.Move), effect(fsapi.Replace, fsapi.Link), func(away, use *pathops.Op) {
		// What is renamed back after a failure restores, and leaves no gap.
		if w.reachesAfterSuccess(away, use, fate.File) && !w.restores(away, use) && !ignored(use) {
			add(away, use, Existence, Strict, "nothing is there in between")
		}
	})
	w.pairs(effect(fsapi.SetOwner), effect(fsapi.SetMode), func(owner, use *pathops.Op) {
		if w.reachesAfterSuccess(owner, use, fate.File) || w.reachesAfterSuccess(owner, use, fate.Dir) {
			add(owner, use, Owner, Strict, "the new owner can have put a link there")
		}
	})
	return found
}

// trusting judges an act that may trust what a look at the path has told. The
// reason is empty if it does not.
func (w *window) trusting(check, use *pathops.Op) (Aspect, Verdict, string) {
	present := w.reaches(check, use, fate.File) || w.reaches(check, use, fate.Dir)
	if !present {
		return Existence, Silent, ""
	}
	switch use.Effect {
	case fsapi.Exec:
		return w.executes(check, use)
	case fsapi.SetMode, fsapi.SetOwner:
		if w.appliesWhatItFound(check, use) {
			return Mode, Strict, "what was found is applied to what is there by now"
		}
	case fsapi.Remove:
		if aspect, v, reason := w.stale(check, use); reason != "" {
			return aspect, v, reason
		}
	}
	if w.reaches(check, use, fate.Absent) {
		return Existence, Silent, "" // it runs either way
	}
	if attempts(check) {
		return Existence, Silent, "" // what was read is done with
	}
	if use.Effect == fsapi.Remove && !w.reaches(check, use, fate.File) {
		if v, reason := w.gone(check, use, fate.Dir); v == Report {
			return Existence, v, reason
		}
		return Type, Strict, "only a directory was meant"
	}
	v, reason := w.gone(check, use, fate.File)
	return Existence, v, reason
}

// gone judges an act on what has vanished since the check.
func (w *window) gone(check, use *pathops.Op, before fate.State) (Verdict, string) {
	if !w.after(check, fate.Absent).CanSucceed() {
		return Silent, "absence is a failure at both ends: the check is redundant"
	}
	if !w.reaches(check, use, before) {
		before = fate.Dir
	}
	switch {
	case !w.raced(check, use, before, fate.Absent).AllFail():
		if w.handedOn(use) && !w.handedOn(check) {
			return Strict, "the error is handed on"
		}
		return Silent, "vanishing is no failure"
	case w.follows(use, fsapi.Create, fsapi.CreateKeep, fsapi.CreateExclusive, fsapi.CreateAtomic, fsapi.Replace, fsapi.Link, fsapi.Listen, fsapi.MakeDir, fsapi.MakeDirAll):
		return Strict, "it fails over what another process has removed, though it only makes room"
	case use.Effect != fsapi.Remove:
		return Strict, "absence is handled at the check, and a failure at the act"
	}
	// Unlike another act, this one fails although what it is for is reached.
	return Report, "absence is handled at the check, and a failure to remove it is one"
}

// stale judges the removal of what was found old, empty or abandoned.
func (w *window) stale(check, use *pathops.Op) (Aspect, Verdict, string) {
	claims := w.has(fsapi.CreateExclusive)
	if attempts(check) {
		if claims && !w.reaches(check, use, fate.Absent) {
			return Answer, Report, "another process may have replaced a stale lock"
		}
		return Existence, Silent, ""
	}
	if w.opensBetween(check, use) {
		return Existence, Silent, "" // what was found out decided on that
	}
	switch aspect := w.decides(check, use); {
	case aspect != Existence && claims:
		return aspect, Report, "another process may have replaced a stale lock"
	case aspect == Size:
		return aspect, Report, "it may have content by now"
	case aspect == Age:
		return aspect, Strict, "it may be a new one by now"
	}
	return Existence, Silent, ""
}

// executes judges the execution of what was looked at.
func (w *window) executes(check, use *pathops.Op) (Aspect, Verdict, string) {
	if check.Effect != fsapi.Check || check.Row.Gives != fsapi.Info {
		return Existence, Silent, "" // a search for a program is no look at one
	}
	switch aspect := w.restricts(check, use); {
	case aspect == Owner, aspect == Mode:
		return aspect, Report, "what is executed may be another program than the one that was allowed"
	case w.reaches(check, use, fate.Absent), !w.after(check, fate.Absent).CanSucceed():
		return Existence, Silent, ""
	}
	return Existence, Strict, "absence is handled at the check, and a failure at the execution"
}

// appliesWhatItFound reports whether the act's mode or owner is computed from
// the metadata that the check has yielded.
func (w *window) appliesWhatItFound(check, use *pathops.Op) bool {
	found := false
	w.follow(check, func(v ssa.Value, _ Aspect) {
		for _, ref := range *v.Referrers() {
			found = found || ref == ssa.Instruction(use.Call)
		}
	})
	return found
}

// decides tells which property of the object picks between the use and
// something else.
func (w *window) decides(check, use *pathops.Op) Aspect {
	picked := Existence
	w.follow(check, func(v ssa.Value, aspect Aspect) {
		for _, ref := range *v.Referrers() {
			branch, ok := ref.(*ssa.If)
			if !ok || aspect != Size && aspect != Age || picked != Existence {
				continue
			}
			b := branch.Block()
			if leadsTo(b.Succs[0], use.Call, b) != leadsTo(b.Succs[1], use.Call, b) {
				picked = aspect
			}
		}
	})
	return picked
}

// follow calls visit for each value that is computed from a property of the
// metadata that check yields.
func (w *window) follow(check *pathops.Op, visit func(ssa.Value, Aspect)) {
	call, ok := check.Call.(*ssa.Call)
	if !ok || check.Row.Gives != fsapi.Info || !check.Direct() {
		return
	}
	of := make(map[ssa.Value]Aspect)
	work := []ssa.Value{call}
	for len(work) > 0 && len(of) < maxFollowed {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		for _, ref := range *x.Referrers() {
			next, ok := ref.(ssa.Value)
			if !ok || of[next] != Existence {
				continue
			}
			if e, ok := next.(*ssa.Extract); ok && e.Tuple == ssa.Value(call) {
				if e.Index == 0 {
					work = append(work, e)
				}
				continue
			}
			aspect := of[x]
			if c, ok := next.(*ssa.Call); ok && aspect == Existence {
				if aspect = property(c); aspect == Existence {
					aspect = age(c)
				}
			}
			if aspect == Existence || !plain(next.Type()) {
				continue
			}
			of[next] = aspect
			visit(next, aspect)
			work = append(work, next)
		}
	}
}

// plain reports whether a value of type t can be a computation on a property:
// a number, a bool, a time, or the system's form of the metadata.
func plain(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return t.Info()&(types.IsBoolean|types.IsNumeric) != 0
	case *types.Struct, *types.Pointer:
		return true
	case *types.Interface:
		return t.Empty()
	}
	return false
}

// follows reports whether the path is used with one of the effects after use.
func (w *window) follows(use *pathops.Op, effects ...fsapi.Effect) bool {
	is := effect(effects...)
	for _, op := range w.group {
		if !op.Handle && !op.Deferred && is(op) && w.reachesAfterSuccess(use, op, fate.File) {
			return true
		}
	}
	return false
}

// has reports whether the function does something of the effect to the path.
func (w *window) has(e fsapi.Effect) bool {
	for _, op := range w.group {
		if op.Effect == e {
			return true
		}
	}
	return false
}

// looksBetween reports whether the path is inspected between two operations.
func (w *window) looksBetween(first, use *pathops.Op) bool {
	for _, op := range w.group {
		if inspects(op) && !op.Handle && op.Call != first.Call && w.reaches(first, op, fate.File) && w.reaches(op, use, fate.File) {
			return true
		}
	}
	return false
}

// opensBetween reports whether the path is opened between two operations.
func (w *window) opensBetween(first, use *pathops.Op) bool {
	for _, op := range w.group {
		if op.Effect == fsapi.Open && w.reaches(first, op, fate.File) && w.reaches(op, use, fate.File) {
			return true
		}
	}
	return false
}
