package race

import (
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// followsLinks reports whether an operation, by name, reads or changes what the path
// leads to, so that it matters where that is. All of them follow links among the
// directories above.
func followsLinks(op *pathops.Op) bool {
	switch op.Effect {
	case fsapi.Open, fsapi.List, fsapi.Walk, fsapi.Exec, fsapi.Connect, fsapi.Remove, fsapi.RemoveAll, fsapi.MakeDir, fsapi.MakeDirAll, fsapi.Mount, fsapi.Move:
		return true
	}
	return writesTo(op)
}

// FollowsLast reports whether an operation follows a link in the last element,
// and not only those among the directories above.
func FollowsLast(op *pathops.Op) bool {
	switch op.Effect {
	case fsapi.Remove, fsapi.RemoveAll, fsapi.MakeDir, fsapi.Move, fsapi.Replace, fsapi.Link, fsapi.CreateExclusive, fsapi.CreateAtomic:
		return false
	}
	return !op.NoFollow
}

// keptBelow reports whether an operation cannot leave the directory that it begins
// at, or begins at a descriptor: a method of os.Root, openat.
func keptBelow(op *pathops.Op) bool {
	return (op.Row.Has(fsapi.Beneath) || op.Row.Has(fsapi.AtDir)) && !op.Row.Has(fsapi.Prefixes)
}
