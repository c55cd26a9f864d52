package race

import (
	"go/token"
	"io/fs"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// StatOpen is an open of what has changed since it was checked.
const StatOpen Kind = "statopen"

// The reasons of statOpen.
var (
	opensVanished         = Reason{"opens-vanished", "the check handles absence, but the use fails if the file is gone", Report, low}
	opensVanishedChecked  = Reason{"opens-vanished-checked", "the check handles absence; the callee, which checks again, may handle it or fail", Strict, low}
	opensVanishedToWrite  = Reason{"opens-vanished-to-write", "the check handles absence, but opening the file for writing fails if it is gone", Strict, low}
	opensForwarded        = Reason{"opens-vanished-forwarded", "the check handles absence, but the use passes its error to an unknown function", Strict, low}
	opensOptional         = Reason{"opens-vanished-by-callee", "the callee may fail if the file is gone, or continue without it", Strict, low}
	opensElsewhere        = Reason{"opens-vanished-detour", "if the check finds nothing, the program takes a different route, which may succeed", Strict, low}
	opensOther            = Reason{"metadata-of-another-file", "the metadata of one file is used with the content of another", Strict, low}
	opensOtherExit        = Reason{"opens-vanished-exit-code", "absence has its own exit code at the check, but not at the use", Strict, low}
	headerOfAnother       = Reason{"header-of-another-file", "the header has the metadata of one file, and the content of another file follows", Report, low}
	makesOtherType        = Reason{"makes-other-type", "it creates a regular file if the device, pipe or socket that the check requires is gone", Report, low}
	opensPathOrContent    = Reason{"path-or-content", "a value that names no file is used as the content itself, so absence is an error in both cases", Silent, none}
	opensUnrestricted     = Reason{"restriction-bypassed", "the check restricts a property of the file that the use relies on", Report, low}
	opensUnrestrictedType = Reason{"type-restriction-bypassed", "the check restricts the file type, which may only be a choice between kinds of files", Strict, low}
	opensCompared         = Reason{"opened-file-compared", "the use does not follow links, or the opened file is compared with the checked one", Silent, none}
	opensCheckedAgain     = Reason{"opened-file-checked", "the property is checked again on the open file", Silent, none}
)

// statOpen finds opens that run because of what was found at the path, where
// the program takes it ill if that has changed.
func statOpen(w *window) []*Finding {
	var found []*Finding
	if w.special() {
		return nil
	}
	w.pairs(probes, creates, func(check, use *pathops.Op) {
		if w.specialAlone(check, use) {
			found = append(found, &Finding{Kind: StatOpen, Use: use, Check: check, Aspect: Type, Reason: makesOtherType})
		}
	})
	w.pairs(probes, opensWhatIsThere, func(check, use *pathops.Op) {
		if !w.reaches(check, use, fate.File) && !w.reaches(check, use, fate.Dir) && !w.reaches(check, use, fate.Special) {
			return
		}
		f := &Finding{Kind: StatOpen, Use: use, Check: check}
		switch aspect := w.restricts(check, use); {
		case aspect != Existence && aspect != Type && use.Effect == fsapi.Write:
			return // what is written does not depend on what the file was
		case w.locked(check.Call):
			f.Reason = fileLocked
		// The callee checks the type again, but not whether the path is a link:
		//
		//	if fi, err := os.Lstat(path); err != nil || !fi.Mode().IsRegular() {
		//		return errType
		//	}
		//	return load(path) // use: os.Stat(path), and os.Open(path) if it is regular
		//
		// The twin has a callee with an os.Lstat of its own.
		case use.Guarded && aspect == Type && check.Row.Has(fsapi.NoFollow) && !w.looksAtLink(use):
			f.Aspect, f.Reason = aspect, opensUnrestricted
		case use.Guarded && w.opensToo(check):
			f.Reason = checkedByCallee
		case use.Guarded:
			if f.Reason = w.vanished(check, use); f.Reason == opensVanished {
				f.Reason = opensVanishedChecked
			}
		case aspect == Type && (use.NoFollow || w.comparesFiles()):
			f.Reason = opensCompared
		case aspect != Existence && !check.Row.Has(fsapi.NoFollow) && w.checksOpened(use, aspect):
			f.Reason = opensCheckedAgain
		case w.describes(check, use):
			f.Aspect, f.Reason = Metadata, headerOfAnother
		case aspect == Type && !check.Row.Has(fsapi.NoFollow):
			f.Aspect, f.Reason = aspect, opensUnrestrictedType
		case aspect != Existence:
			f.Aspect, f.Reason = aspect, opensUnrestricted
		case w.reaches(check, use, fate.Absent):
			return // it runs either way
		default:
			if f.Reason = w.vanished(check, use); f.Reason == opensVanished && use.Effect == fsapi.Write {
				f.Reason = opensVanishedToWrite
			}
		}
		if f.Reason == opensOther {
			f.Aspect = Metadata
		}
		if f.Reason == opensVanished && w.excluded(check.Call, use.Call) {
			f.Reason = underMutex(opensVanished)
		}
		found = append(found, f)
	})
	return found
}

// opensWhatIsThere reports whether an operation opens what is at the path, or lists
// it, and fails if nothing is there.
//
//	os.Open(p), os.ReadFile(p), os.ReadDir(p), os.OpenFile(p, os.O_WRONLY, 0)
//	os.OpenFile(p, os.O_WRONLY|os.O_CREATE, 0o600) // not: it creates the file
func opensWhatIsThere(op *pathops.Op) bool { return attempts(op) || op.Effect == fsapi.List }

// looksAtLink reports whether the callee that opens the path looks itself whether it is a
// link: a look that follows one sees only what that leads to.
//
//	if fi, err := os.Lstat(path); err != nil || fi.Mode()&fs.ModeSymlink != 0 {
//		return errLink
//	}
//	return parse(path) // begins with os.Stat(path): does not look at a link
func (w *window) looksAtLink(use *pathops.Op) bool {
	return use.NoFollow || slices.ContainsFunc(w.f.At(use.Call), func(op *pathops.Op) bool {
		return op.Path == use.Path && op.Effect == fsapi.Check && op.Row.Has(fsapi.NoFollow)
	})
}

// specialAlone reports whether use runs only if check has found what is no regular file:
//
//	if fi.Mode()&fs.ModeDevice == 0 {
//		return errNoDevice
//	}
//	f, err := os.Create(path) // a regular file, if the device is gone
//
// The twin writes to whatever is there:
//
//	if fi.Mode()&fs.ModeDevice == 0 {
//		log.Print("no device")
//	}
//	f, err := os.Create(path)
func (w *window) specialAlone(check, use *pathops.Op) bool {
	return use.Effect != fsapi.CreateExclusive && !w.wantsLink(check) && w.reaches(check, use, fate.Special) &&
		!w.reaches(check, use, fate.File) && !w.reaches(check, use, fate.Absent)
}

// wantsLink reports whether a check may find a link, and the program tests for one: a write
// after that is meant to go through the link.
//
//	if fi, err := os.Lstat(path); err == nil && fi.Mode()&fs.ModeSymlink != 0 {
//		os.WriteFile(path, text, 0o644)
//	}
//
// The twin looks for something else than a link:
//
//	if fi, err := os.Lstat(path); err == nil && fi.Mode()&fs.ModeDevice != 0 {
func (w *window) wantsLink(check *pathops.Op) bool {
	if !check.Row.Has(fsapi.NoFollow) {
		return false
	}
	link := !check.Direct()
	w.follow(check, func(v ssa.Value, _ Aspect) {
		if and, ok := v.(*ssa.BinOp); ok && and.Op == token.AND {
			c, isConst := and.Y.(*ssa.Const)
			link = link || isConst && c.Value != nil && c.Int64()&int64(fs.ModeSymlink) != 0 && c.Int64() > int64(fs.ModePerm)
		}
	})
	return link
}

// madeLater finds what specialAlone does, where one method has looked and another one
// makes the file.
//
//	func (o *output) begin() error { return isDevice(o.path) }
//	func (o *output) write() error { f, err := os.Create(o.path); … }
func madeLater(ev *evidence, _ []*Finding) (found []*Finding) {
	ev.checkedElsewhere(creates, func(e earlier, f *pathops.Func, use *pathops.Op) {
		if use.Effect != fsapi.CreateExclusive && e.refuses(fate.File) && e.refuses(fate.Absent) && e.accepts(fate.Special) {
			found = append(found, &Finding{Kind: StatOpen, Use: use, Check: e.check, Aspect: Type, Reason: makesOtherType, Fn: f.Fn})
		}
	})
	return found
}

// checksOpened reports whether the program checks a property of the file that use has
// opened, by its handle.
func (w *window) checksOpened(use *pathops.Op, aspect Aspect) bool {
	if aspect == Type {
		aspect = Mode
	}
	for _, info := range w.infosOfOpened(use) {
		for _, ref := range *info.Referrers() {
			if call, ok := ref.(*ssa.Call); ok && property(call) == aspect {
				return true
			}
		}
	}
	return false
}

// infosOfOpened lists the metadata of what use has opened: what it returns beside the file,
// and what a method of the file returns.
func (w *window) infosOfOpened(use *pathops.Op) []ssa.Value {
	var infos []ssa.Value
	if call, ok := use.Call.(*ssa.Call); ok {
		for _, ref := range *call.Referrers() {
			if x, ok := ref.(*ssa.Extract); ok && isInfo(x.Type()) {
				infos = append(infos, x)
			}
		}
	}
	for _, op := range w.group {
		if op.Handle && op.Effect == fsapi.Check && w.reachesAfterSuccess(use, op, fate.File) {
			if info := infoOf(op); info != nil {
				infos = append(infos, info)
			}
		}
	}
	return infos
}

// opensToo reports whether the function that checks the path also opens it: it checks for a
// purpose of its own, and not to decide on a use.
func (w *window) opensToo(check *pathops.Op) bool {
	return slices.ContainsFunc(w.f.At(check.Call), func(op *pathops.Op) bool {
		return op != check && op.Effect == fsapi.Open && op.Path == check.Path
	})
}

// vanished judges an open of what has vanished since the check. It takes it that other
// checks find what they look for: here the absence of one file alone is a failure at
// both ends.
//
//	_, err := os.Stat(path)
//	_, oerr := os.Stat(other)
//	if os.IsNotExist(err) && os.IsNotExist(oerr) {
//		return nil
//	}
//	if err := errors.Join(err, oerr); err != nil {
//		return err
//	}
//	data, err := os.ReadFile(path)
func (w *window) vanished(check, use *pathops.Op) Reason {
	walk := fate.Walk{Know: &uneventful{w.ops.Knowledge(w.path), check.Call}, Assume: w.foundBefore(check)}
	absent := walk.FromCall(check.Call, fate.Absent)
	if absent.AllFail() || absent.Overflow {
		switch {
		case w.usedBehind(check, use):
			return opensOther
		case w.exitCodesDiffer(check, use):
			return opensOtherExit
		}
		return absenceFailsAnyway
	}
	before := fate.File
	if !w.reaches(check, use, fate.File) {
		before = fate.Dir
	}
	switch {
	case w.pathOrContent(use):
		return opensPathOrContent
	case !w.raced(check, use, before, fate.Absent).AllFail():
		if w.handedOn(use) && !w.handedOn(check) {
			return opensForwarded
		}
		if use.Via != nil && w.failing(check, use, before).AllFail() {
			return opensOptional
		}
		return vanishingTolerated
	case !absent.CanSucceed():
		return opensElsewhere
	case w.failsLater(use):
		return vanishingTolerated
	}
	return opensVanished
}

// failsLater reports whether a callee has no error to return over what has vanished, so that
// it is the next use of the path that fails.
//
//	name := titleIn(dir)     // "" if the file is not there
//	return convert(dir, name) // fails
//
// The twin fails at once:
//
//	name, err := titleIn(dir)
func (w *window) failsLater(use *pathops.Op) bool {
	results := use.Call.Common().Signature().Results()
	if use.Via == nil || results.Len() == 0 || fate.ReturnsError(results) {
		return false
	}
	return slices.ContainsFunc(w.group, func(next *pathops.Op) bool {
		again := next.Call != use.Call && opensWhatIsThere(next)
		return again && !next.Handle && !next.Deferred && w.reaches(use, next, fate.Absent)
	})
}

// foundBefore returns the errors of checks of other paths that come before one, which
// are taken to have found what they looked for.
//
//	_, oerr := os.Stat(other)
//	_, err := os.Stat(path) // the check: oerr is nil
//	if err != nil && oerr != nil {
//		return nil
//	}
//
// An error that the program never compares with nil decides nothing, and is left out:
//
//	_, _ = os.Stat(other)
func (w *window) foundBefore(check *pathops.Op) map[ssa.Value]fate.Abs {
	found := make(map[ssa.Value]fate.Abs)
	for _, op := range w.f.Ops {
		call, ok := op.Call.(*ssa.Call)
		if !ok || op.Effect != fsapi.Check || op.Path == w.path || !errorDecides(call) {
			continue
		}
		if comesAfter(check.Call, call) {
			if results := resultsOf(call); fate.IsError(results[len(results)-1].Type()) {
				found[results[len(results)-1]] = fate.Nil
			}
		}
	}
	return found
}

// exitCodesDiffer reports whether a program that does not find the path ends with a
// different exit code than one that fails because the path has vanished.
func (w *window) exitCodesDiffer(check, use *pathops.Op) bool {
	at := exitCodes(w.after(check, fate.Absent))
	then := exitCodes(w.failing(check, use, fate.File))
	return len(at) == 1 && len(then) == 1 && at[0] != then[0]
}

// exitCodes lists the codes that the errors at the ends of a function are made
// with: the whole number among the arguments of the call whose result is returned.
// It is nil if some end has none.
func exitCodes(ends fate.Ends) []int64 {
	var codes []int64
	for _, end := range ends.All {
		if end.Return == nil || len(end.Return.Results) == 0 {
			return nil
		}
		call, ok := end.Return.Results[len(end.Return.Results)-1].(*ssa.Call)
		if !ok {
			return nil
		}
		code := int64(-1)
		for _, arg := range call.Call.Args {
			if c, ok := arg.(*ssa.Const); ok && isInteger(c.Type()) {
				code = c.Int64()
			}
		}
		if code < 0 {
			return nil
		}
		if !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	return codes
}

// usedBehind reports whether the metadata that check returns is used after use has run.
func (w *window) usedBehind(check, use *pathops.Op) bool {
	info := infoOf(check)
	if info == nil {
		return false
	}
	for _, later := range *info.Referrers() {
		if b := later.Block(); b != use.Call.Block() && use.Call.Block().Dominates(b) {
			return true
		}
	}
	return false
}
