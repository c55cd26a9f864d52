package atomicfix

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// An FS has the functions of this package as methods, with options or beneath an
// [os.Root]. [With] and [In] return one. It has no resources of its own, and is safe
// for concurrent use.
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

// NoSync omits every fsync(2). A reader still sees either the old content or the new
// content. After a crash of the machine the file may have either of them or, on a
// file system that writes a rename to disk before the data, neither.
func NoSync() Option { return func(x *FS) { x.noSync = true } }

// Strict refuses, with [ErrNotAtomic], every write that cannot be atomic and
// durable: to a device, FIFO or socket, to a file that can be written but not
// replaced, to a file system that cannot link or rename exclusively or cannot
// sync.
func Strict() Option { return func(x *FS) { x.strict = true } }

// NoFollow refuses a name that is itself a symbolic link, with ELOOP, as
// O_NOFOLLOW does (open(2)); links in the directories above it are followed.
func NoFollow() Option { return func(x *FS) { x.noFollow = true } }

// OnFallback calls f for every write that is done although it cannot be atomic: each
// one that [Strict] would refuse, except for a failed sync. name is the caller's,
// and cause is the reason. f is called during the write, and must not use the File.
func OnFallback(f func(name string, cause error)) Option {
	return func(x *FS) { x.fallback = f }
}

// fellBack reports a write that is not atomic to the function of OnFallback.
func (x *FS) fellBack(name string, cause error) {
	if x.fallback != nil {
		x.fallback(name, underlying(cause))
	}
}

// NoForeign refuses a file that belongs to another user than the one that the
// process acts as, with an error that is [fs.ErrPermission]: when the file is
// opened and again by [File.Commit]. Without it, suppose that another user has made
// a file in a directory that others may write to. WriteFileMode(name, token, 0600) by
// root keeps its owner, who can then read the token. On a system where this package
// does not know the owner of a file, such as Windows, every file that exists is
// refused, with [errors.ErrUnsupported].
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

// With returns the functions of this package with options.
func With(opts ...Option) *FS { return newFS(kernel{}, opts) }

// In returns the functions beneath root: names are relative to it, and neither the
// target, a link on the way to it, nor the temporary may lie outside, as
// [os.Root] defines that. The root must stay open while the FS and the Files
// created through it are in use. An error has the same cause as that of the method
// of root for the same name. But [FS.Rename], [FS.RenameNoReplace] and [FS.Symlink]
// follow no link that a separator ends, such as "link/", as package os on Linux.
//
// In panics if root is nil, and a zero FS panics when it is used, so that a name is
// never looked up outside a root by mistake.
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
