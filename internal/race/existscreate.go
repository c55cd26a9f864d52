package race

import (
	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// existsCreate finds uses that run because the path was found absent, and
// that harm, or fail over, what has appeared since.
func existsCreate(w *window) []*Finding {
	var found []*Finding
	if w.special() {
		return nil
	}
	creates := effect(fsapi.Create, fsapi.CreateKeep, fsapi.CreateAtomic, fsapi.MakeDir, fsapi.MakeDirAll, fsapi.Link, fsapi.Replace)
	w.pairs(inspects, creates, func(check, use *pathops.Op) {
		if !w.reaches(check, use, fate.Absent) {
			return
		}
		there := fate.File
		if use.Effect == fsapi.MakeDir || use.Effect == fsapi.MakeDirAll {
			there = fate.Dir
		}
		if w.reaches(check, use, there) {
			return // it runs either way: the check does not decide
		}
		f := &Finding{Kind: ExistsCreate, Use: use, Check: check}
		f.Verdict, f.Reason = w.overAppeared(check, use, there)
		found = append(found, f)
	})
	return found
}

// overAppeared judges a use that finds what has appeared since the check.
func (w *window) overAppeared(check, use *pathops.Op, there fate.State) (Verdict, string) {
	switch {
	case use.Guarded:
		return Silent, "the callee checks again: that is the race"
	case w.locked(check.Call):
		return Silent, "a file lock is held"
	}
	switch use.Effect {
	case fsapi.Create:
		return Report, "truncates what has appeared"
	case fsapi.MakeDir:
		if w.raced(check, use, fate.Absent, there).AllFail() {
			return Report, "fails over what has appeared"
		}
		return Silent, "what has appeared is no failure"
	case fsapi.Link:
		if w.raced(check, use, fate.Absent, there).AllFail() {
			return Strict, "fails over what has appeared"
		}
		return Silent, "what has appeared is no failure"
	case fsapi.Replace:
		if w.after(check, there).AllFail() && w.raced(check, use, fate.Absent, fate.Denied).AllFail() {
			return Report, "replaces what has appeared although the check refuses to"
		}
		return Strict, "replaces what has appeared"
	case fsapi.CreateAtomic:
		return Strict, "replaces what has appeared, whole"
	case fsapi.CreateKeep:
		return Strict, "writes into what has appeared"
	}
	return Silent, "content with what has appeared"
}
