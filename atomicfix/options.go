package atomicfix

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// An FS has the verbs of this package as methods, with options or beneath an
// [os.Root]. It is made by [With] and [In], holds no resource of its own, and is
// safe for concurrent use.
type FS struct {
	sys       system
	rooted    bool // names are relative to an os.Root
	noSync    bool
	strict    bool
	noFollow  bool
	noForeign bool
	fallback  func(name string, cause error)
}

// An Option changes how an [FS] writes.
type Option func(*FS)

// NoSync leaves out every fsync(2). A reader still sees the old content or the
// new; after a crash of the machine the file may hold either or, on a file
// system that writes a rename to disk before the data, neither.
func NoSync() Option { return func(x *FS) { x.noSync = true } }

// Strict refuses, with [ErrNotAtomic], every write that cannot be atomic and
// durable: to a device, FIFO or socket, to a file that can be written but not
// replaced, to a file system that cannot link or rename exclusively or cannot
// sync.
func Strict() Option { return func(x *FS) { x.strict = true } }

// NoFollow refuses a name that is itself a symbolic link, with ELOOP, as
// O_NOFOLLOW does (open(2)); links in the directories above it are followed.
func NoFollow() Option { return func(x *FS) { x.noFollow = true } }

// OnFallback calls f for every write that cannot be atomic and goes ahead all the
// same: what [Strict] would refuse, but for a failed sync. name is the caller's,
// and cause is what stands in the way. f is called from within the write, and must
// not use the File.
func OnFallback(f func(name string, cause error)) Option {
	return func(x *FS) { x.fallback = f }
}

// tell tells of a write that is not atomic.
func (x *FS) tell(name string, cause error) {
	if x.fallback != nil {
		x.fallback(name, underlying(cause))
	}
}

// NoForeign refuses a file that belongs to another user than the one that the
// process acts as, with an error that is [fs.ErrPermission]: when the file is
// opened and again by [File.Commit]. Without it WriteFileMode(name, token, 0600)
// by root keeps the owner of a file that a stranger has laid into a directory
// that others may write to, and the stranger can read the token. A system whose
// files have no owner that this package knows of, such as Windows, refuses
// every file that exists, with [errors.ErrUnsupported].
func NoForeign() Option { return func(x *FS) { x.noForeign = true } }

// ours is an error under NoForeign if m is another user's.
func (x *FS) ours(m meta) error {
	switch {
	case !x.noForeign:
		return nil
	case !hasOwners:
		return errors.ErrUnsupported
	case !m.mine():
		return errNotOurs
	}
	return nil
}

// errNotOurs is a permission error that says why.
var errNotOurs = fmt.Errorf("another user's file: %w", fs.ErrPermission)

// With returns the verbs with options.
func With(opts ...Option) *FS { return newFS(kernel{}, opts) }

// In returns the verbs beneath root: names are relative to it, and neither the
// target, a link on the way to it, nor the temporary may lie outside, as
// [os.Root] defines that. The root must stay open while the FS and the Files
// created through it are in use. An error has the same cause as that of the method
// of root for the same name. But [FS.Rename], [FS.RenameNoReplace] and [FS.Symlink]
// follow no link that a separator ends, such as "link/", as package os on Linux.
//
// Without a root it panics, as a zero FS does when it is used: never is a name
// taken for one outside of a root.
func In(root *os.Root, opts ...Option) *FS {
	if root == nil {
		panic("atomicfix: In of a nil *os.Root")
	}
	x := newFS(kernel{root: root}, opts)
	x.rooted = true
	return x
}

func newFS(sys system, opts []Option) *FS {
	x := &FS{sys: sys}
	for _, opt := range opts {
		opt(x)
	}
	return x
}

// std serves the package-level functions.
var std = With()
