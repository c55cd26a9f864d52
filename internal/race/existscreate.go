package race

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// ExistsCreate is a creation after an absence check, over what has appeared since.
const ExistsCreate Kind = "existscreate"

// The reasons of existsCreate.
var (
	truncatesAppeared      = Reason{"truncates-appeared", "it truncates a file created in between", Report, low}
	truncatesToConstant    = Reason{"truncates-to-constant", "it truncates a file created in between, but its error is ignored and its content is constant", Strict, low}
	truncatesBegun         = Reason{"truncates-begun", "it truncates what another process has started to write", Strict, low}
	overwritesUnasked      = Reason{"overwrites-unasked", "it overwrites a file created in between, which the program would have kept, or confirmed with the user, if the check had found it", Report, medium}
	failsOverAppeared      = Reason{"fails-over-appeared", "it fails if another process creates the path in between", Report, low}
	replacesRefused        = Reason{"replaces-refused", "it replaces a file created in between, although the check rejects an existing file", Strict, medium}
	replacesAppeared       = Reason{"replaces-appeared", "it replaces what was created in between", Strict, low}
	replacesAppearedWhole  = Reason{"replaces-appeared-whole", "it atomically replaces a file created in between", Strict, low}
	replacesByHelper       = Reason{"replaces-by-helper", "it atomically replaces a file created in between: a fix for another defect left this race", Report, medium}
	writesIntoAppeared     = Reason{"writes-into-appeared", "it writes into a file created in between", Strict, low}
	acceptsRefused         = Reason{"accepts-refused-directory", "it accepts a directory that the check rejects", Strict, low}
	truncatesRefused       = Reason{"truncates-refused-before", "it truncates a file created after another method rejected an existing one", Report, low}
	overwritesUnread       = Reason{"overwrites-unread", "it overwrites a file created in between, whose content the program would have kept if the check had found it", Report, medium}
	sizeDecidesOverwrite   = Reason{"size-decides-overwrite", "the size at the check decides whether the file is overwritten, or what follows", Strict, low}
	overwrittenEitherWay   = Reason{"overwritten-either-way", "another call overwrites the file if the check finds one", Silent, none}
	assertedAfter          = Reason{"asserted-after-use", "the check comes after the use and verifies its result", Silent, none}
	presenceFailsAnyway    = Reason{"presence-fails-anyway", "an existing file is an error at both the check and the use", Silent, none}
	appearanceTolerated    = Reason{"appearance-tolerated", "a file created in between is not an error", Silent, none}
	removedBeforeReplacing = Reason{"removed-before-replacing", "the program first removes any existing file, so the use does not depend on its absence", Silent, none}
	appearanceAccepted     = Reason{"appearance-accepted", "it accepts what was created in between, and does not change it", Silent, none}
)

// existsCreate finds uses that run because the path was found absent, and
// that harm, or fail over, what has appeared since.
func existsCreate(w *window) []*Finding {
	var found []*Finding
	if w.fresh() || w.kernel() {
		return nil
	}
	creates := effect(fsapi.Create, fsapi.CreateKeep, fsapi.CreateAtomic, fsapi.MakeDir, fsapi.MakeDirAll, fsapi.Link, fsapi.Replace)
	pairIn := func(w *window, check, use *pathops.Op) {
		if w.weighed(check, use) {
			found = append(found, &Finding{Kind: ExistsCreate, Use: use, Check: check, Aspect: Size, Reason: sizeDecidesOverwrite})
		}
		if !w.reaches(check, use, fate.Absent) {
			return
		}
		there := fate.File
		if use.Effect == fsapi.MakeDir || use.Effect == fsapi.MakeDirAll {
			there = fate.Dir
		}
		f := &Finding{Kind: ExistsCreate, Use: use, Check: check}
		f.Reason = w.overAppeared(check, use, there)
		switch {
		case w.guards(check, use, there):
		case discards(use) && w.mayRefuse(check, use, there):
			if f.Level() != Silent {
				f.Reason = overwritesUnasked
			}
		case discards(use) && w.readIfFound(check, use):
			if f.Level() != Silent {
				f.Reason = overwritesUnread
			}
		default:
			return
		}
		if f.Level() == Report && w.excluded(check.Call, use.Call) {
			f.Reason = underMutex(f.Reason)
		}
		found = append(found, f)
	}
	pair := func(check, use *pathops.Op) { pairIn(w, check, use) }
	w.pairs(inspects, creates, pair)
	w.pairsWith(w.maybe, inspects, creates, func(check, use *pathops.Op) {
		way := w.wayTo(use)
		if settledBefore(use, check) || way.arrivesAs(check, use) {
			pairIn(way.window, check, use)
		}
	})
	w.deferredPairs(inspects, effect(fsapi.Create), pair)
	w.pairs(effect(fsapi.MakeDir), effect(fsapi.MakeDir), func(first, again *pathops.Op) {
		if w.madeAgain(first, again) {
			found = append(found, &Finding{Kind: ExistsCreate, Use: again, Check: first, Reason: failsOverAppeared})
		}
	})
	return found
}

// overwrittenLater finds what one method refuses if it is there, and another one
// truncates, unseen.
//
//	func (o *output) begin() error { if exists(o.path) { return errExists }; return nil }
//	func (o *output) write() error { f, err := os.Create(o.path); … }
func overwrittenLater(ev *evidence, _ []*Finding) (found []*Finding) {
	ev.checkedElsewhere(effect(fsapi.Create), func(e earlier, f *pathops.Func, use *pathops.Op) {
		if e.refuses(fate.File) && e.accepts(fate.Absent) {
			found = append(found, &Finding{Kind: ExistsCreate, Use: use, Check: e.check, Reason: truncatesRefused, Fn: f.Fn})
		}
	})
	return found
}

// madeAgain reports whether a directory is made once more when its parents have been
// made, and the program is content with a directory that is there at the first call,
// but not at the second.
//
//	err := os.Mkdir(dir, 0o755)
//	if errors.Is(err, fs.ErrExist) {
//		return nil
//	}
//	if errors.Is(err, fs.ErrNotExist) {
//		os.MkdirAll(filepath.Dir(dir), 0o755)
//		return os.Mkdir(dir, 0o755) // fails
//	}
func (w *window) madeAgain(first, again *pathops.Op) bool {
	if again.Guarded || w.locked(first.Call) || !w.after(first, fate.Dir).CanSucceed() || w.reaches(first, again, fate.Dir) {
		return false
	}
	parentless := &answering{w.ops.Knowledge(w.path), first.Call, fate.ErrNotExist}
	if !w.walkFrom(first, fate.Absent, parentless)[again.Call] {
		return false
	}
	walk := fate.Walk{Know: parentless, Disturb: again.Call, After: fate.Dir}
	return walk.FromCall(first.Call, fate.Absent).Disturbed().AllFail()
}

// guards reports whether the use does not run because check finds the path in
// state there: never, or at least sometimes, with a failure instead, which is
// what a lock file's check does that looks at the lock's age.
func (w *window) guards(check, use *pathops.Op, there fate.State) bool {
	if attempts(check) {
		// A load that fails for whatever reason leads to the use: what counts
		// is that one that succeeds does not.
		return !w.reachesAfterSuccess(check, use, there)
	}
	if !w.reaches(check, use, there) {
		return true
	}
	if w.comparesFiles() {
		return false // source and destination may be one file: no question of existence
	}
	absent := w.without(check, use, fate.Absent)
	for end, fails := range w.without(check, use, there) {
		if _, also := absent[end]; fails && !also {
			return true
		}
	}
	return false
}

// mayRefuse reports whether something else than the file decides, where check finds
// one, whether use runs: an option, a permission, the user.
//
//	if _, err := os.Stat(path); err == nil && !confirm() {
//		return nil
//	}
//	return os.WriteFile(path, data, 0o644)
//
// The file decides here, so that one that appears is treated as another would be a
// moment later:
//
//	if fi, err := os.Stat(path); err == nil && fi.ModTime().After(since) {
//		return nil
//	}
//	return os.WriteFile(path, data, 0o644)
func (w *window) mayRefuse(check, use *pathops.Op, there fate.State) bool {
	absent := w.branchesTo(check, use, fate.Absent)
	for branch := range w.branchesTo(check, use, there) {
		if absent[branch] && !w.refusesElsewhere(branch.Cond, check) || w.aboutObject(branch.Cond, make(map[ssa.Value]bool)) {
			continue
		}
		succs := branch.Block().Succs
		if w.armLeads(succs[0], use) != w.armLeads(succs[1], use) {
			return true
		}
	}
	return false
}

// readIfFound reports whether use runs either way, and writes what is made of the file's
// content if check finds it, and something else if it does not.
//
//	_, err := os.Stat(path) // check
//	text := example
//	if err == nil {
//		text = edited(path) // reads it
//	}
//	os.WriteFile(path, text, 0o644) // use: the example, over what has appeared
//
// The twin reads it in any case, and takes the example if that fails:
//
//	text, err := edited(path)
func (w *window) readIfFound(check, use *pathops.Op) bool {
	if check.Effect != fsapi.Check || !w.reaches(check, use, fate.File) || w.comparesFiles() {
		return false
	}
	u := &updates{ops: w.ops, funcs: w.ev.funcs}
	return slices.ContainsFunc(w.group, func(read *pathops.Op) bool {
		return w.readsBetween(check, read, use) && u.carries(w.f, read, use)
	})
}

// readsBetween reports whether read runs only if check finds the file, and use after it.
//
//	if _, err := os.Stat(path); err == nil { // check
//		text, err = os.ReadFile(path) // read
//	}
//	os.WriteFile(path, text, 0o644) // use
//
// Not a read that runs whether or not there is a file:
//
//	_, err := os.Stat(path)
//	text, _ := os.ReadFile(path)
func (w *window) readsBetween(check, read, use *pathops.Op) bool {
	if !reads(read) || read.Handle || read.Deferred || read.Call == check.Call || read.Call == use.Call {
		return false
	}
	return w.reaches(check, read, fate.File) && !w.reaches(check, read, fate.Absent) && w.reachesAfterSuccess(read, use, fate.File)
}

// refusesElsewhere reports whether a condition is the result of the helper that checks, which
// is true if there is nothing, and otherwise depends on something else, such as the user.
//
//	func mayWrite(path string) bool {
//		_, err := os.Stat(path)
//		return err != nil || confirm(path)
//	}
func (w *window) refusesElsewhere(cond ssa.Value, check *pathops.Op) bool {
	answer, _ := positive(cond)
	call, ok := check.Call.(*ssa.Call)
	if !ok || check.Via == nil {
		return false
	}
	i := slices.Index(resultsOf(call), answer)
	if i < 0 || !isBool(answer.Type()) || slices.ContainsFunc(w.f.At(call), func(op *pathops.Op) bool { return op.Effect != fsapi.Check || len(op.Answers) > 0 }) {
		return false
	}
	at := func(s fate.State) fate.Abs {
		outcomes, known := w.ops.Knowledge(w.path).Outcomes(call, nil, s)
		said := fate.Unknown
		for _, o := range outcomes {
			if isNil, sure := lastError(call, o); sure && !isNil {
				continue
			}
			if !known || i >= len(o.Results) || said != fate.Unknown && said != o.Results[i] {
				return fate.Unknown
			}
			said = o.Results[i]
		}
		return said
	}
	return at(fate.Absent) != fate.Unknown && at(fate.File) == fate.Unknown
}

// lastError reports whether an outcome's error is nil, if the call has one.
func lastError(call *ssa.Call, o fate.Outcome) (isNil, sure bool) {
	results := call.Call.Signature().Results()
	if n := len(o.Results); n > 0 && fate.IsError(results.At(n-1).Type()) {
		return o.Results[n-1].IsNil()
	}
	return false, false
}

// aboutObject reports whether a value is computed from what operations on the path
// have found, or is an error.
func (w *window) aboutObject(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] || len(seen) > maxFollowed {
		return false
	}
	seen[v] = true
	if fate.IsError(v.Type()) || isInfo(v.Type()) {
		return true
	}
	instr, ok := v.(ssa.Instruction)
	if !ok {
		return false
	}
	if call, ok := callBehind(v); ok {
		for _, op := range w.f.At(call) {
			if op.Path == w.path {
				return !w.refusesElsewhere(v, op)
			}
		}
	}
	for _, operand := range instr.Operands(nil) {
		if *operand != nil && w.aboutObject(*operand, seen) {
			return true
		}
	}
	if place, ok := v.(*ssa.Alloc); ok {
		for _, ref := range *place.Referrers() {
			if store, ok := ref.(*ssa.Store); ok && store.Addr == v && w.aboutObject(store.Val, seen) {
				return true
			}
		}
	}
	return false
}

// discards reports whether an operation leaves nothing of the file that it finds.
func discards(op *pathops.Op) bool {
	return effect(fsapi.Create, fsapi.CreateAtomic, fsapi.Replace)(op)
}

// eitherWay reports whether a file that check finds is overwritten as well, by another
// call, and unread.
//
//	if _, err := os.Stat(path); err == nil {
//		return os.WriteFile(path, data, 0o644) // its owner stays
//	}
//	return renameio.WriteFile(path, data, 0o644)
func (w *window) eitherWay(check, use *pathops.Op, there fate.State) bool {
	overwritten := false
	for _, op := range w.group {
		if op.Call == use.Call || op.Handle || !w.reaches(check, op, there) {
			continue
		}
		switch {
		case effect(fsapi.Open, fsapi.Move)(op):
			return false
		case discards(op) && !w.reaches(check, op, fate.Absent):
			overwritten = true
		}
	}
	return overwritten && !attempts(check) && !w.mayRefuse(check, use, there)
}

// without returns the instructions at which a run ends that starts at check,
// in state s, and does not pass use: returns, and those that make the path
// another. It reports of each whether it is a failure, which the file is the reason of:
// nothing else fails.
func (w *window) without(check, use *pathops.Op, s fate.State) map[ssa.Instruction]bool {
	ends := make(map[ssa.Instruction]bool)
	all := w.walkCalmly(check, s,
		func(instr ssa.Instruction) bool { return instr != ssa.Instruction(use.Call) },
		func(leaf ssa.Instruction) { ends[leaf] = false })
	for _, end := range all.All {
		if end.Return != nil {
			fails, known := end.Fails()
			ends[end.Return] = fails && known
		}
	}
	return ends
}

// overAppeared judges a use that finds what has appeared since the check.
func (w *window) overAppeared(check, use *pathops.Op, there fate.State) Reason {
	switch {
	case use.Guarded:
		return checkedByCallee
	case w.locked(check.Call):
		return fileLocked
	case comesAfter(check.Call, use.Call):
		return assertedAfter
	case discards(use) && w.eitherWay(check, use, there):
		return overwrittenEitherWay
	}
	switch use.Effect {
	case fsapi.Create:
		if w.bestEffort(use) && writesConstant(use) {
			return truncatesToConstant
		}
		if check.Effect == fsapi.Write {
			return truncatesBegun
		}
		return truncatesAppeared
	case fsapi.MakeDir, fsapi.Link:
		if w.after(check, there).AllFail() {
			return presenceFailsAnyway
		}
		if w.raced(check, use, fate.Absent, there).AllFail() {
			return failsOverAppeared
		}
		return appearanceTolerated
	case fsapi.Replace:
		switch {
		case w.removedBefore(check, use):
			return removedBeforeReplacing
		case w.movesOwnDirectory(use):
			return presenceFailsAnyway
		}
		if w.after(check, there).AllFail() && w.raced(check, use, fate.Absent, fate.Denied).AllFail() {
			return replacesRefused
		}
		return replacesAppeared
	case fsapi.CreateAtomic:
		if byFix(use) && !(ignored(use) && writesConstant(use)) {
			return replacesByHelper
		}
		return replacesAppearedWhole
	case fsapi.CreateKeep:
		return writesIntoAppeared
	}
	if use.Effect == fsapi.MakeDirAll && w.after(check, there).AllFail() {
		return acceptsRefused
	}
	return appearanceAccepted
}

// bestEffort reports whether the program goes on if an operation fails.
//
//	if err := os.WriteFile(done, []byte("done"), 0o644); err != nil {
//		log.Print(err)
//	}
func (w *window) bestEffort(use *pathops.Op) bool {
	if ignored(use) {
		return true
	}
	results := w.f.Fn.Signature.Results()
	return results.Len() > 0 && fate.IsError(results.At(results.Len()-1).Type()) && w.after(use, fate.Denied).CanSucceed()
}

// movesOwnDirectory reports whether a rename is of a directory that the function has made,
// which fails over a file, or over a directory with anything in it.
//
//	stage, err := os.MkdirTemp(filepath.Dir(path), "stage-")
//	...
//	err = os.Rename(stage, path) // use
func (w *window) movesOwnDirectory(use *pathops.Op) bool {
	from := w.partner(use, fsapi.Move)
	if from == nil {
		return false
	}
	if call, ok := callBehind(from.Path.Src); ok && w.ops.Row(call) != nil && w.ops.Row(call).Gives == fsapi.NewDir {
		return true
	}
	return slices.ContainsFunc(w.f.Ops, func(mk *pathops.Op) bool {
		return mk.Path == from.Path && effect(fsapi.MakeDir, fsapi.MakeDirAll)(mk) && comesAfter(use.Call, mk.Call)
	})
}

// byFix reports whether an operation is a function of the helper that replaces one that
// writes in place: after that fix, for a write that may be torn, the program still has the
// other race.
//
//	if !exists(p) {
//		atomicfix.WriteFile(p, newKey(), 0o600) // was os.WriteFile: two processes, two keys
//	}
func byFix(op *pathops.Op) bool { return strings.HasPrefix(op.Row.Name, fsapi.Helper+".") }

// removedBefore reports whether what is at the path is removed, or moved away,
// between a check and use.
//
//	if _, err := os.Stat(path); err == nil { // check
//		os.Remove(path)
//	}
//	os.Rename(tmp, path) // use
func (w *window) removedBefore(check, use *pathops.Op) bool {
	for _, op := range w.group {
		if effect(fsapi.Remove, fsapi.RemoveAll, fsapi.Move)(op) && !op.Deferred && w.reaches(check, op, fate.File) && w.reachesAfterSuccess(op, use, fate.File) {
			return true
		}
	}
	return false
}

// weighed reports whether a file is truncated after its size was checked, and the size
// decides on that through a function, such as a quota, or is passed to the function that
// truncates the file.
//
//	info, err := os.Stat(path)
//	if !quota.allows(info.Size()) { // a function of the module decides
//		return errQuota
//	}
//	os.Create(path)
//
// A plain comparison, info.Size() == 0, is no quota.
func (w *window) weighed(check, use *pathops.Op) bool {
	if use.Effect != fsapi.Create || use.Guarded || w.locked(check.Call) || !w.reaches(check, use, fate.File) {
		return false
	}
	info := infoOf(check)
	if info == nil {
		return false
	}
	through := map[ssa.Value]bool{} // whether a function has had its say in it
	var work []ssa.Value
	for _, ref := range *info.Referrers() {
		if size, ok := ref.(*ssa.Call); ok && property(size) == Size {
			through[size] = false
			work = append(work, size)
		}
	}
	for len(work) > 0 && len(through) < maxFollowed {
		v := work[len(work)-1]
		work = work[:len(work)-1]
		for _, ref := range *v.Referrers() {
			if ref == ssa.Instruction(use.Call) {
				return use.Via != nil
			}
			if branch, ok := ref.(*ssa.If); ok && through[v] && w.oneArmRefuses(branch, use) {
				return true
			}
			next, ok := ref.(ssa.Value)
			if _, seen := through[next]; !ok || seen {
				continue
			}
			if call, ok := ref.(*ssa.Call); ok {
				if w.ops.Ours(fspath.Callee(call.Common())) {
					through[next] = true
					work = append(work, next)
				}
			} else if computes(next) {
				through[next] = through[v]
				work = append(work, next)
			}
		}
	}
	return false
}
