package race

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// CheckAct is an act on what has changed since it was checked.
const CheckAct Kind = "checkact"

// The reasons of checkAct.
var (
	removesVanished     = Reason{"removes-vanished", "the check handles absence, but the removal fails if the file is already gone", Report, low}
	actsOnVanished      = Reason{"acts-on-vanished", "the check handles absence, but the use fails if the file is gone", Strict, low}
	makesRoom           = Reason{"makes-room-for-another", "it fails if the file is already gone, although it only makes room for a new one", Strict, low}
	actForwarded        = Reason{"acts-on-vanished-forwarded", "the check handles absence, but the use passes its error to an unknown function", Strict, low}
	executesVanished    = Reason{"executes-vanished", "the check handles absence, but the execution fails if the file is gone", Strict, low}
	executesAnother     = Reason{"executes-another", "it may execute a different program than the one whose mode or owner was checked", Report, high}
	appliesOldMode      = Reason{"applies-old-mode", "it sets the mode or owner of the checked file on whatever file is at the path by then", Report, low}
	removesNonDirectory = Reason{"removes-other-type", "it should remove only a directory, but the path may name something else by then", Strict, low}
	removesNewLock      = Reason{"removes-new-lock", "another process may have replaced the stale lock", Report, medium}
	removesWritten      = Reason{"removes-written", "the empty file may have content by then", Report, low}
	removesFilled       = Reason{"removes-filled-directory", "the empty directory may have entries by then, which are removed with it", Report, low}
	removesNewer        = Reason{"removes-newer", "a new file may have replaced the old one by then", Strict, low}
	removesJudged       = Reason{"removes-judged", "the content that was read decides on the removal, and another process may have replaced the file by then", Strict, medium}
	removesListening    = Reason{"removes-listening-socket", "another process may listen at the path by then", Report, low}
	listensOver         = Reason{"listens-after-removal", "another process may have been listening at the removed path", Strict, low}
	removesClaimed      = Reason{"removes-claimed", "the exclusive creation failed, so the file belongs to another process", Report, medium}
	gapBeforeReplacing  = Reason{"gap-before-replacing", "nothing exists at the path in between", Strict, low}
	lockUnnamed         = Reason{"removes-lock-file", "another process may be waiting for the lock on the removed file while a third one locks a new file", Strict, medium}
	refusalExpected     = Reason{"refusal-expected", "the program continues if the connection is refused", Silent, none}
	newOwnerLinks       = Reason{"new-owner-links", "the new owner may have put a symbolic link at the path", Report, high}
)

// checkAct finds where a path is inspected, then removed, renamed, chmodded,
// executed or connected to on the strength of it.
func checkAct(w *window) []*Finding {
	if w.special() {
		return nil
	}
	var found []*Finding
	add := func(check, use *pathops.Op, aspect Aspect, reason Reason) {
		f := &Finding{Kind: CheckAct, Use: use, Check: check, Aspect: aspect, Reason: reason}
		switch {
		case use.Guarded:
			f.Reason = checkedByCallee
		case w.locked(check.Call):
			f.Reason = fileLocked
		case reason.Level == Report && w.excluded(check.Call, use.Call):
			f.Reason = underMutex(reason)
		}
		found = append(found, f)
	}
	w.pairs(inspects, effect(fsapi.Remove, fsapi.Move, fsapi.SetMode, fsapi.SetOwner, fsapi.Exec, fsapi.Connect), func(check, use *pathops.Op) {
		if aspect, reason := w.trusting(check, use); reason != (Reason{}) {
			add(check, use, aspect, reason)
		}
	})
	w.pairs(effect(fsapi.Connect), effect(fsapi.Remove), func(dial, use *pathops.Op) {
		if !w.reachesAfterSuccess(dial, use, fate.File) && w.reaches(dial, use, fate.Denied) && w.follows(use, fsapi.Listen) {
			add(dial, use, Answer, removesListening)
		}
	})
	w.pairs(effect(fsapi.CreateExclusive), effect(fsapi.Remove), func(claim, use *pathops.Op) {
		if w.reaches(claim, use, fate.File) && w.after(claim, fate.File).AllFail() && !w.looksBetween(claim, use) {
			add(claim, use, Claim, removesClaimed)
		}
	})
	listed := effect(fsapi.List, fsapi.Walk)
	for _, use := range w.group {
		if use.Effect != fsapi.RemoveAll || use.Deferred || use.Handle {
			continue
		}
		// A directory that is found empty is removed with all that is in it by then:
		//
		//	if entries, _ := os.ReadDir(dir); len(entries) == 0 {
		//		os.RemoveAll(dir)
		//	}
		//
		// The twin fails if an entry has appeared: os.Remove(dir).
		for _, list := range w.group { // by the handle of the directory, too
			if listed(list) && !list.Deferred && list.Call != use.Call && w.reaches(list, use, fate.Dir) && w.emptyDecides(list, use) {
				add(list, use, Entries, removesFilled)
			}
		}
	}
	w.pairs(effect(fsapi.Remove), effect(fsapi.Listen), func(remove, use *pathops.Op) {
		if w.reaches(remove, use, fate.File) {
			add(remove, use, Existence, listensOver)
		}
	})
	w.pairs(effect(fsapi.Remove, fsapi.Move), effect(fsapi.Replace, fsapi.Link), func(away, use *pathops.Op) {
		// What is renamed back after a failure restores, and leaves no gap.
		if w.reachesAfterSuccess(away, use, fate.File) && !w.restores(away, use) && !ignored(use) {
			add(away, use, Existence, gapBeforeReplacing)
		}
	})
	w.pairs(effect(fsapi.SetOwner), effect(fsapi.SetMode), func(owner, use *pathops.Op) {
		if w.reachesAfterSuccess(owner, use, fate.File) || w.reachesAfterSuccess(owner, use, fate.Dir) {
			add(owner, use, Owner, newOwnerLinks)
		}
	})
	return append(found, w.removedLocks()...)
}

// removedLocks finds locks whose files are removed by name, while the lock is
// held or after it was given up. A process that waits for the lock gets that of
// the file without a name, a third one makes and locks a new file: both hold "the"
// lock.
//
//	f, err := take(path) // opens and locks the file
//	defer os.Remove(path)
//	defer f.Close()
//
// The twin leaves the file where it is:
//
//	f, err := take(path)
//	defer f.Close()
func (w *window) removedLocks() []*Finding {
	if w.ev.locks.rechecks {
		return nil
	}
	var found []*Finding
	for _, op := range w.group {
		var lock *pathops.Op
		switch op.Effect {
		case fsapi.Remove:
			lock = w.lock()
		case fsapi.RemoveAll:
			lock = w.lockBelow()
		}
		if lock != nil && lock.Call != op.Call {
			found = append(found, &Finding{Kind: CheckAct, Use: op, Check: lock, Aspect: Lock, Reason: lockUnnamed})
		}
	}
	return found
}

// trusting judges an act that may rely on the result of a check. The reason is the zero
// value if it does not.
func (w *window) trusting(check, use *pathops.Op) (Aspect, Reason) {
	before, present := w.foundAs(check, use)
	if !present {
		return Existence, Reason{}
	}
	switch use.Effect {
	case fsapi.Exec:
		return w.executes(check, use)
	case fsapi.Connect:
		if w.goesOn(use) {
			return Existence, refusalExpected
		}
	case fsapi.SetMode, fsapi.SetOwner:
		if w.appliesWhatItFound(check, use) {
			return Mode, appliesOldMode
		}
	case fsapi.Remove:
		if aspect, reason := w.stale(check, use); reason != (Reason{}) {
			return aspect, reason
		}
	}
	if w.reaches(check, use, fate.Absent) {
		return Existence, Reason{} // it runs either way
	}
	if attempts(check) {
		reason := w.readThenRemoved(check, use, before)
		if reason == (Reason{}) && use.Effect == fsapi.Remove && w.contentDecides(check, use) {
			return Answer, removesJudged
		}
		return Existence, reason
	}
	if use.Effect == fsapi.Remove && before == fate.Dir {
		if reason := w.gone(check, use, fate.Dir); reason == removesVanished {
			return Existence, reason
		}
		return Type, removesNonDirectory
	}
	return Existence, w.gone(check, use, before)
}

// contentDecides reports whether a branch on what was read from a file decides on its
// removal: a file that replaces it in between is removed unread.
//
//	token, err := load(path) // read
//	...
//	if token.expired() {
//		os.Remove(path) // use: the token that another process has just got
//	}
//
// The twin is done with the file, whatever is in it:
//
//	token, err := load(path)
//	...
//	os.Remove(path)
//
// So is a function that has created the file itself, and checks its content:
//
//	download(path)
//	if sum, err := digest(path); sum != wanted { os.Remove(path) }
func (w *window) contentDecides(read, use *pathops.Op) bool {
	if !reads(read) || w.createdBefore(read) {
		return false
	}
	u := &updates{ops: w.ops, funcs: w.ev.funcs}
	held := u.reading(w.f, []*pathops.Op{read}, 0)
	for branch := range w.branchesTo(read, use, fate.File) {
		succs := branch.Block().Succs
		if w.armLeads(succs[0], use) != w.armLeads(succs[1], use) && held.decide(branch.Cond, make(map[ssa.Value]bool)) {
			return true
		}
	}
	return false
}

// createdBefore reports whether the function has created the file before an operation on it.
func (w *window) createdBefore(op *pathops.Op) bool {
	makes := effect(fsapi.Create, fsapi.CreateKeep, fsapi.CreateExclusive, fsapi.CreateAtomic, fsapi.Replace)
	return slices.ContainsFunc(w.group, func(other *pathops.Op) bool {
		earlier := other.Call != op.Call && comesAfter(op.Call, other.Call)
		return earlier && makes(other) && !other.Deferred
	})
}

// readThenRemoved judges the removal of what was read, and is done with: absence may
// be fine at the read, and a failure at the removal.
//
//	saved, err := os.ReadFile(path)
//	if errors.Is(err, fs.ErrNotExist) {
//		return nil
//	}
//	...
//	return os.Remove(path)
//
// The twin, for which absence is a failure at the read, too:
//
//	if err != nil {
//		return err
//	}
func (w *window) readThenRemoved(check, use *pathops.Op, before fate.State) Reason {
	if use.Effect != fsapi.Remove {
		return Reason{}
	}
	if reason := w.gone(check, use, before); reason == removesVanished {
		return reason
	}
	return Reason{}
}

// foundAs returns the state in which check has found the path where use runs after it.
//
//	if fi.Mode()&fs.ModeSocket != 0 { os.Remove(path) } // fate.Special
func (w *window) foundAs(check, use *pathops.Op) (fate.State, bool) {
	for _, s := range []fate.State{fate.File, fate.Dir, fate.Special} {
		if w.reaches(check, use, s) {
			return s, true
		}
	}
	return fate.File, false
}

// goesOn reports whether something else is done to the path after an act on it
// that has found nothing there.
//
//	if _, err := net.Dial("unix", path); err == nil {
//		return errInUse
//	}
//	return os.Remove(path)
//
// The twin fails with the act:
//
//	_, err := net.Dial("unix", path)
//	return err
func (w *window) goesOn(act *pathops.Op) bool {
	return slices.ContainsFunc(w.group, func(op *pathops.Op) bool {
		return op.Call != act.Call && !op.Handle && !op.Deferred && w.reaches(act, op, fate.Absent)
	})
}

// absenceFails reports whether the function fails if check finds nothing. What comes
// from elsewhere in the end may be success; only for a removal, which has nothing to
// do then, it is taken for that.
//
//	if _, err := os.Stat(path); err == nil {
//		if err := os.Remove(path); err != nil {
//			return err
//		}
//	}
//	return start() // not known: absence does not fail
func (w *window) absenceFails(check, use *pathops.Op) bool {
	ends := w.after(check, fate.Absent)
	if use.Effect == fsapi.Remove {
		return ends.AllFail()
	}
	return !ends.CanSucceed()
}

// gone judges an act on what has vanished since the check.
func (w *window) gone(check, use *pathops.Op, before fate.State) Reason {
	if w.absenceFails(check, use) {
		return absenceFailsAnyway
	}
	switch {
	case !w.raced(check, use, before, fate.Absent).AllFail():
		if w.handedOn(use) && !w.handedOn(check) {
			return actForwarded
		}
		return vanishingTolerated
	case w.follows(use, fsapi.Create, fsapi.CreateKeep, fsapi.CreateExclusive, fsapi.CreateAtomic, fsapi.Replace, fsapi.Link, fsapi.Listen, fsapi.MakeDir, fsapi.MakeDirAll):
		return makesRoom
	case use.Effect != fsapi.Remove:
		return actsOnVanished
	}
	// Unlike another act, this one fails although what it is for is reached.
	return removesVanished
}

// stale judges the removal of what was found old, empty or abandoned.
func (w *window) stale(check, use *pathops.Op) (Aspect, Reason) {
	claims := w.has(fsapi.CreateExclusive)
	if attempts(check) {
		if claims && !w.reaches(check, use, fate.Absent) {
			return Answer, removesNewLock
		}
		return Existence, Reason{}
	}
	if w.reaches(check, use, fate.Absent) {
		return Existence, Reason{} // it runs either way
	}
	if w.opensBetween(check, use) {
		return Existence, Reason{} // what was found out decided on that
	}
	switch aspect := w.decides(check, use); {
	case aspect != Existence && claims:
		return aspect, removesNewLock
	case aspect == Size:
		return aspect, removesWritten
	case aspect == Age:
		return aspect, removesNewer
	}
	return Existence, Reason{}
}

// executes judges the execution of what was looked at.
func (w *window) executes(check, use *pathops.Op) (Aspect, Reason) {
	if check.Effect != fsapi.Check || check.Row.Gives != fsapi.Info {
		return Existence, Reason{} // a search for a program is no look at one
	}
	switch aspect := w.restricts(check, use); {
	case aspect == Owner, aspect == Mode:
		return aspect, executesAnother
	case w.reaches(check, use, fate.Absent), !w.after(check, fate.Absent).CanSucceed():
		return Existence, Reason{}
	}
	return Existence, executesVanished
}

// appliesWhatItFound reports whether the act's mode or owner is computed from the metadata
// that the check has returned.
func (w *window) appliesWhatItFound(check, use *pathops.Op) bool {
	found := false
	w.follow(check, func(v ssa.Value, _ Aspect) {
		for _, ref := range *v.Referrers() {
			found = found || ref == ssa.Instruction(use.Call)
		}
	})
	return found
}

// decides returns the property of the object that selects between the use and something
// else.
//
//	if info, err := os.Stat(path); err == nil && info.Size() == 0 {
//		os.Remove(path) // Size
//	}
//
// A property that both arms of the branch are followed by the use of picks nothing:
//
//	if info.Size() > limit {
//		log.Print("large")
//	}
//	os.Remove(path)
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

// emptyDecides reports whether a directory is removed with all that is in it where a
// listing has found nothing there.
//
//	entries, err := os.ReadDir(dir)
//	...
//	if len(entries) == 0 {
//		err = os.RemoveAll(dir)
//	}
//
//	if isEmpty(dir) { // lists it
//		err = os.RemoveAll(dir)
//	}
//
//	if _, err := d.Readdirnames(1); err == io.EOF {
//		err = os.RemoveAll(dir)
//	}
//
// The twin counts for a message alone:
//
//	log.Print(len(entries), " entries go")
//	err = os.RemoveAll(dir)
func (w *window) emptyDecides(list, use *pathops.Op) bool {
	call, ok := list.Call.(*ssa.Call)
	if !ok {
		return false
	}
	for _, result := range resultsOf(call) {
		if result != nil && fate.IsError(result.Type()) && endDecides(result, use) {
			return true
		}
	}
	answer := firstResult(call)
	if answer == nil {
		return false
	}
	if isBool(answer.Type()) {
		f := w.ev.funcs[call.Common().StaticCallee()]
		if f == nil {
			return false
		}
		empty, known := emptyAnswer(f.Fn)
		return known && picks(answer, empty, use)
	}
	for _, ref := range *answer.Referrers() {
		count, ok := ref.(*ssa.Call)
		if !ok || !isLen(count) {
			continue
		}
		for _, ref := range *count.Referrers() {
			if empty, known := emptyWhen(ref); known && picks(ref.(ssa.Value), empty, use) {
				return true
			}
		}
	}
	return false
}

// endDecides reports whether an operation runs where an error says that a listing has come
// to its end at once, and nowhere else.
func endDecides(err ssa.Value, use *pathops.Op) bool {
	for _, ref := range *err.Referrers() {
		cond, ok := ref.(ssa.Value)
		if !ok {
			continue
		}
		if value, known := endWhen(cond); known && picks(cond, value, use) {
			return true
		}
	}
	return false
}

// picks reports whether an operation runs where a condition has the given value, and
// nowhere else.
func picks(cond ssa.Value, value bool, use *pathops.Op) bool {
	for _, ref := range *cond.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp:
			if ref.Op == token.NOT && picks(ref, !value, use) {
				return true
			}
		case *ssa.If:
			b := ref.Block()
			then, otherwise := leadsTo(b.Succs[0], use.Call, b), leadsTo(b.Succs[1], use.Call, b)
			if then != otherwise && then == value {
				return true
			}
		}
	}
	return false
}

// follows reports whether the path is used with one of the effects after use.
//
//	os.Remove(socket)                           // use
//	listener, err := net.Listen("unix", socket) // follows it
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
//
//	_, err := os.OpenFile(lock, os.O_CREATE|os.O_EXCL, 0o600) // first
//	if err != nil && stale(os.ReadFile(lock)) {                // looks
//		os.Remove(lock)                                         // use
//	}
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
