package race

import (
	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// The reasons of checkedLate.
var (
	trustedTooSoon     = Reason{"trusted-too-soon", "the checked file may differ from the file that was used before the check", Report, medium}
	trustedTypeTooSoon = Reason{"type-trusted-too-soon", "the file that was used may have a different type than the one checked afterward", Strict, low}
)

// checkedLate finds where a file is used first, and its path is checked afterward to
// decide whether the file is trusted:
//
//	data, err := os.ReadFile(path)
//	...
//	info, err := os.Stat(path)
//	if info.Mode().Perm()&0o022 != 0 { // of another file, perhaps
//		return nil, errWritable
//	}
//	return parse(data)
//
// The open file has the answer, or a check before the use and the same file after
// it. If the path was also checked before the use, that is the check of the finding.
func (w *window) checkedLate() []*Finding {
	if w.special() {
		return nil
	}
	var found []*Finding
	for _, s := range w.f.Scopes {
		if !w.sameFile(s.Path) || s.About != pathops.Object || w.comparesFiles() || w.askedBefore(s) {
			continue
		}
		check := w.lookOf(s)
		if check == nil {
			continue
		}
		for _, use := range w.group {
			if !trusts(use) || use.Call == check.Call || !w.reachesAfterSuccess(use, check, fate.File) || !w.fails(s) {
				continue
			}
			f := &Finding{Kind: PathReuse, Use: check, Check: use, Aspect: Late, Reason: trustedTooSoon}
			if s.Property == pathops.Kind {
				f.Reason = trustedTypeTooSoon
			}
			found = append(found, f)
			break
		}
	}
	return found
}

// sameFile reports whether a path is another spelling of the one of the window.
func (w *window) sameFile(path *fspath.Value) bool {
	return path != nil && w.ops.Numbers.File(path, len(w.scene.moves) > 0) == w.path
}

// trusts reports whether an operation takes in what is at the path: its content,
// or a peer that answers there.
func trusts(op *pathops.Op) bool {
	return !op.Handle && !op.Deferred && effect(fsapi.Open, fsapi.Exec, fsapi.Connect)(op)
}

// lookOf returns the operation by which a question looks at the object, or nil.
func (w *window) lookOf(s *pathops.Scope) *pathops.Op {
	for _, op := range w.f.At(s.Check.Call) {
		if op.Path == w.path && op.Effect == fsapi.Check && !op.Handle {
			return op
		}
	}
	return nil
}

// askedBefore reports whether the same property of the path is restricted before,
// too.
//
//	if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o022 != 0 {
//		return errWritable
//	}
//	data, err := os.ReadFile(path)
//	info, err := os.Stat(path) // late: about its mode again
//
// Nothing was restricted before about the owner:
//
//	if info.Sys().(*syscall.Stat_t).Uid != 0 {
func (w *window) askedBefore(late *pathops.Scope) bool {
	for _, s := range w.f.Scopes {
		if s != late && s.Path == late.Path && s.Property == late.Property && comesAfter(late.Check.Call, s.Check.Call) {
			return true
		}
	}
	return false
}

// fails reports whether the function ends in a failure on one arm of a branch on
// the answer, and not on the other one.
func (w *window) fails(s *pathops.Scope) bool {
	for _, branch := range s.Branches {
		b := branch.Block()
		if w.failsOn(b.Succs[0], b, s) != w.failsOn(b.Succs[1], b, s) {
			return true
		}
	}
	return false
}

// failsOn reports whether the function fails on an arm of a branch on the answer,
// which is an error there, if it is one.
func (w *window) failsOn(arm, from *ssa.BasicBlock, s *pathops.Scope) bool {
	walk := fate.Walk{Know: w.ops.Knowledge(w.path)}
	if answer := s.Answer(); s.Error && answer != nil {
		walk.Assume = map[ssa.Value]fate.Abs{answer: fate.NonNil}
	}
	return walk.FromBlock(arm, from, fate.File).AllFail()
}
