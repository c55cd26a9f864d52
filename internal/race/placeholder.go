package race

import (
	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// The reasons of placeholders.
var (
	devLinkFollowed = Reason{"device-link-followed", "a path below /dev in another user's tree may be a symbolic link", Report, high}
	mountsOnAnother = Reason{"mounts-on-another", "another object may be at the path by then", Strict, medium}
)

// placeholders finds files that are made to have something mounted on them, by the
// same name:
//
//	f, err := os.Create("/dev/console") // follows a link of the creator of the tree
//	f.Close()
//	unix.Mount(pty, "/dev/console", "", unix.MS_BIND, "") // may be another object by then
//
// A file below /dev that is never written is one, whatever comes after it. One that
// is opened with O_NOFOLLOW, or made by mknod, and mounted on by its descriptor is
// right.
func (w *window) placeholders() []*Finding {
	if w.fresh() || w.kernel() {
		return nil
	}
	var found []*Finding
	for _, made := range w.group {
		if !effect(fsapi.Create, fsapi.CreateKeep)(made) || made.Handle || made.Deferred || made.NoFollow || !made.Opens {
			continue
		}
		if w.device() && w.leftEmpty(made) {
			found = append(found, &Finding{Kind: ResolveOpen, Use: made, Aspect: Placeholder, Reason: devLinkFollowed})
		}
		for _, mount := range w.group {
			if mount.Effect == fsapi.Mount && mount.Call != made.Call && w.reachesAfterSuccess(made, mount, fate.Absent) {
				found = append(found, &Finding{Kind: ResolveOpen, Use: mount, Check: made, Aspect: Placeholder, Reason: mountsOnAnother})
			}
		}
	}
	return found
}

// leftEmpty reports whether a file that the function itself makes is closed again,
// with nothing done but to its mode and owner.
func (w *window) leftEmpty(made *pathops.Op) bool {
	call, ok := made.Call.(*ssa.Call)
	if !ok || !made.Direct() {
		return false
	}
	file := firstResult(call)
	if file == nil {
		return true
	}
	for _, ref := range *file.Referrers() {
		switch ref := ref.(type) {
		case *ssa.BinOp, *ssa.DebugRef:
		case ssa.CallInstruction:
			if args := fspath.Arguments(ref.Common()); len(args) == 0 || args[0] != file || !w.onlyMarks(ref) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// onlyMarks reports whether a method of a file closes it, or sets its mode or its
// owner.
//
//	f.Close(), f.Chmod(0o600), f.Chown(uid, gid)
//	f.Sync() // no: something was written
func (w *window) onlyMarks(call ssa.CallInstruction) bool {
	row := w.ops.Row(call)
	if row == nil {
		return false
	}
	return row.Has(fsapi.Closes) || len(row.Ops) == 1 && (row.Ops[0].Effect == fsapi.SetMode || row.Ops[0].Effect == fsapi.SetOwner)
}
