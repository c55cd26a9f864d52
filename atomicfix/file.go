package atomicfix

import (
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"runtime"
	"sync"
)

// A File is the next content of a file. What is written to it goes to a
// temporary beside the target, and no other process sees it until Commit. Only a
// device, FIFO, socket or link of procfs is written to immediately, as by
// [os.Create].
//
// A File must be closed: call `defer f.Close()` directly after Create. Close after
// Commit does nothing. The methods are safe for concurrent use:
// those that write, and Commit, wait for one another. ReadAt, Stat, Chmod and
// Close do not wait for a write. After Close, a write that still runs fails with
// [fs.ErrClosed]; a ReadFrom does so when its reader returns.
//
// A method that has the name of a method of *os.File succeeds and fails as that
// does, with the same error. For example, WriteAt of no bytes does nothing at any
// offset, and Seek may go beyond the end.
//
// Like a nil *os.File, a nil File can be used: each method but Name returns
// [fs.ErrInvalid].
//
// Unlike an *os.File it has no Read, Fd or Sync: until Commit, the name is that of
// another file.
type File struct {
	x    *FS
	name string

	// writing is held while content is written or published; it is taken before
	// mu, which guards what follows.
	writing sync.Mutex
	mu      sync.Mutex

	t      *target
	excl   bool        // Commit never replaces
	exact  bool        // perm is independent of the umask and the old mode
	fresh  bool        // t was resolved within the same call of the package
	perm   fs.FileMode // of a new file, or of any if exact
	owner  *owner      // if Chown has been called
	cause  error       // why the content goes in place from the start
	stage  stage
	staged       // the temporary
	failed error // the first failure, which blocks Commit
	state  state

	dropped runtime.Cleanup // of what discard never saw
}

type state int

const (
	open state = iota
	committed
	abandoned
)

// newFile stages content for t and owns t from here on, failing or not.
func (x *FS) newFile(t *target, perm fs.FileMode, how how) (_ *File, err error) {
	f := &File{x: x, name: t.name, t: t, perm: perm, exact: how&exact != 0, excl: how&exclusive != 0, fresh: how&atOnce != 0}
	defer func() {
		if f.stage == nil { // failed, or panicked
			f.discard()
		}
	}()
	if err := f.openStage(); err != nil {
		return nil, err
	}
	return f, nil
}

// how says what a caller wants of newFile.
type how int

const (
	exact     how = 1 << iota // the mode is meant as it is
	exclusive                 // the file must not exist
	atOnce                    // no code of the caller runs before Commit
)

// openNew resolves a name and opens a File for it.
func (x *FS) openNew(name string, perm fs.FileMode, how how) (*File, error) {
	for try := 1; ; try++ {
		t, err := x.resolve(name, how)
		if err != nil {
			return nil, err
		}
		f, err := x.newFile(t, perm, how)
		if !errors.Is(err, errChanged) || try == maxTries {
			return f, err
		}
	}
}

func (f *File) openStage() error {
	t, x := f.t, f.x
	if t.stream {
		return f.openStream()
	}
	switch {
	case t.foreign:
		f.cause = errForeign
	case t.exists && t.appendOnly:
		f.cause = errAppendOnly
	case x.strict && !x.noSync && !t.dir.canSync():
		return notAtomic(f.name, errUnreadable)
	}
	if f.cause == nil {
		err := f.createTemp()
		if err == nil && t.unchecked && f.made.uid != t.old.uid {
			if err := x.mayWrite(t); err != nil {
				return pathError("open", f.name, err)
			}
		}
		if err == nil {
			if !f.fresh && f.temp != "" {
				f.claimed = x.sys.claim(f.disk) == nil // if it can be
			}
			f.stage = onDisk{x.sys, f.disk}
			return nil
		}
		// A new file can be written in place only if the name of a temporary is too
		// long for the file system.
		if hopeless(err) || !t.exists && !tooLong(err) || f.excl {
			return pathError("open", f.name, err)
		}
		f.cause = err
	}
	if x.strict {
		return notAtomic(f.name, f.cause)
	}
	f.stage = &spool{sys: x.sys, name: f.name, mode: t.old.mode}
	return nil
}

// Why a file is not replaced, or not durably.
var (
	errForeign    = errors.New("another user's file in a sticky directory")
	errAppendOnly = errors.New("an append-only directory")
	errUnreadable = errors.New("a directory that cannot be opened to be synced")
)

// Name returns the name that the File was created with, not the temporary's.
func (f *File) Name() string { return f.name }

// Write appends to the staged content. A failure blocks Commit.
func (f *File) Write(p []byte) (n int, err error) {
	err = f.write("write", func(s stage) error {
		n, err = s.Write(p)
		return err
	})
	return n, err
}

// WriteString is Write of a string.
func (f *File) WriteString(s string) (int, error) { return f.Write([]byte(s)) }

// ReadFrom appends all of r to the staged content, as io.Copy does. A failure
// to read or write blocks Commit, so that half of r is never published.
func (f *File) ReadFrom(r io.Reader) (n int64, err error) {
	err = f.write("write", func(s stage) error {
		n, err = s.ReadFrom(r)
		return err
	})
	return n, err
}

// Seek sets where the next Write goes, in bytes, as [os.File.Seek]. A failure
// blocks Commit.
func (f *File) Seek(offset int64, whence int) (pos int64, err error) {
	err = f.write("seek", func(s stage) error {
		pos, err = s.Seek(offset, whence)
		return err
	})
	return pos, err
}

// ReadAt reads the staged content from an offset in bytes, as [os.File.ReadAt]. A
// stream cannot be read. An error does not block Commit.
func (f *File) ReadAt(p []byte, off int64) (n int, err error) {
	if f == nil {
		return 0, fs.ErrInvalid
	}
	s := f.current()
	if s == nil {
		return 0, pathError("read", f.name, fs.ErrClosed)
	}
	n, err = s.ReadAt(p, off)
	return n, f.relabel(err)
}

// WriteAt writes into the staged content at an offset in bytes, as
// [os.File.WriteAt]. A failure blocks Commit.
func (f *File) WriteAt(p []byte, off int64) (n int, err error) {
	err = f.write("write", func(s stage) error {
		n, err = s.WriteAt(p, off)
		return err
	})
	return n, err
}

// Truncate changes the size of the staged content, in bytes, as
// [os.File.Truncate]. A failure blocks Commit.
func (f *File) Truncate(size int64) error {
	return f.write("truncate", func(s stage) error { return s.Truncate(size) })
}

// Chown sets the owner and the group that the file will have, independent of those
// of the file that it replaces, as [os.File.Chown]: -1 does not change one. If it is
// not allowed, Commit fails. A file with a new owner or group loses setuid and
// setgid, as by chown(2), unless [File.Chmod] or [CreateMode] sets them. A stream
// keeps its owner.
func (f *File) Chown(uid, gid int) error {
	return f.do("chown", func(stage) error {
		f.owner = &owner{uid, gid}
		return nil
	})
}

type owner struct{ uid, gid int }

// Chmod sets the exact mode that the file will have, independent of the umask and of
// the mode of the file that it replaces. Until Commit, no additional user can open
// the staged content. A failure blocks Commit.
func (f *File) Chmod(mode fs.FileMode) error {
	return f.do("chmod", func(stage) error {
		if err := f.narrow(mode); err != nil {
			return err
		}
		f.exact, f.perm = true, mode
		return nil
	})
}

// Stat describes the staged content: its size so far, and a mode that Commit
// may still change to that of the file it replaces. A failure blocks Commit.
func (f *File) Stat() (info fs.FileInfo, err error) {
	err = f.do("stat", func(s stage) error {
		if info, err = s.Stat(); err == nil {
			n := named{info, filepath.Base(f.name), info.Mode()}
			if f.exact {
				n.mode = n.mode&^modeBits | f.perm&modeBits
			}
			info = n
		}
		return err
	})
	return info, err
}

// named is a FileInfo under the caller's name and with the mode to come.
type named struct {
	fs.FileInfo
	name string
	mode fs.FileMode
}

func (n named) Name() string      { return n.name }
func (n named) Mode() fs.FileMode { return n.mode }

// modeBits are those that chmod sets.
const modeBits = fs.ModePerm | fs.ModeSetuid | fs.ModeSetgid | fs.ModeSticky

// do runs one method that does not wait, and keeps its first failure.
func (f *File) do(op string, call func(stage) error) error {
	if f == nil {
		return fs.ErrInvalid
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.state != open {
		return pathError(op, f.name, fs.ErrClosed)
	}
	err := errPanicked
	defer func() { f.fail(err) }()
	err = f.relabel(call(f.stage))
	return err
}

// write runs one method that writes, which may take as long as a Reader takes. Only
// other writers wait for it. A panic, for example of a Reader, is a failure.
func (f *File) write(op string, call func(stage) error) error {
	if f == nil {
		return fs.ErrInvalid
	}
	f.writing.Lock()
	defer f.writing.Unlock()
	s := f.current()
	if s == nil {
		return pathError(op, f.name, fs.ErrClosed)
	}
	err := errPanicked
	defer func() {
		if err != nil {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.fail(err)
		}
	}()
	err = f.relabel(call(s))
	return err
}

// current is the stage, nil if the File is no longer open.
func (f *File) current() stage {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.state != open {
		return nil
	}
	return f.stage
}

func (f *File) fail(err error) {
	if err != nil && f.failed == nil {
		f.failed = err
	}
}

var errPanicked = errors.New("a panic interrupted a write")

// relabel makes an error about the temporary one about the caller's file. It does
// not change an error about another file, such as the source of ReadFrom.
func (f *File) relabel(err error) error {
	if f.label == "" || f.label == f.name {
		return err // it has the caller's name, or is a Reader's
	}
	if e, ok := err.(*fs.PathError); ok && e.Path == f.label {
		return pathError(e.Op, f.name, e)
	}
	return err
}

// Commit publishes the staged content under the name and closes the File. If a
// method of the File has failed, Commit publishes nothing and returns that failure.
// It waits for a Write or ReadFrom that still runs.
//
// Commit considers the file as it is now, not as it was when the File was created:
// it keeps a mode, owner, group, ACL or attribute that has changed since, refuses a
// file that has become read-only, and creates a file that has been removed, as
// os.WriteFile does. If the name is no longer that of a regular file, Commit
// returns an error and does not change it.
//
// A [*DurabilityError] means that the content is published but may not survive a
// power failure. After any other error the file has its old content, unless it had
// to be written in place (see the package documentation). An exclusive File returns
// an error that is [fs.ErrExist] if something has got the name meanwhile. A second
// Commit, or one after Close, is [fs.ErrClosed].
func (f *File) Commit() error {
	if f == nil {
		return fs.ErrInvalid
	}
	f.writing.Lock()
	defer f.writing.Unlock()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.state != open {
		return pathError("commit", f.name, fs.ErrClosed)
	}
	f.state = abandoned // until it is committed
	defer f.discard()
	if f.failed != nil {
		return f.failed
	}
	err := f.publish()
	if err == nil || errors.As(err, new(*DurabilityError)) {
		f.state = committed
	}
	return err
}

// Close abandons the staged content and removes the temporary, unless Commit has
// published it. Then it returns [ErrNotCommitted], so that `return f.Close()` cannot
// lose a write silently. After a Commit that published, Close returns nil.
func (f *File) Close() error {
	if f == nil {
		return fs.ErrInvalid
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.state == committed {
		return nil
	}
	f.state = abandoned
	f.discard()
	return pathError("close", f.name, ErrNotCommitted)
}

// watch frees the resources of f if it becomes garbage before it is closed, as the
// os package does for its files.
func (f *File) watch() {
	type leftover struct {
		x    *FS
		dir  *dir
		temp string
		made meta
	}
	if f.t.dir == nil {
		return
	}
	f.dropped = runtime.AddCleanup(f, func(l leftover) {
		if l.temp != "" {
			l.x.unlinkOurs(l.dir, l.temp, l.made)
		}
		l.x.sys.closeDir(l.dir)
	}, leftover{f.x, f.t.dir, f.temp, f.made})
}

// discard frees all resources of the File. It may be called again. Each step is
// deferred, because a panic in one must not skip the others.
func (f *File) discard() {
	x := f.x
	f.dropped.Stop()
	defer x.release(f.t)
	if f.temp != "" {
		defer func() {
			temp := f.temp
			f.temp = ""
			if f.known {
				x.unlinkOurs(f.t.dir, temp, f.made)
			} else { // it has just been made, under a name that no other process knows
				x.sys.unlink(f.t.dir, temp)
			}
		}()
	}
	if s, ok := f.stage.(*spool); ok {
		defer s.close()
	}
	f.closeDisk()
}
