package atomicfix

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
)

// A File is the next content of a file. What is written to it goes to a
// temporary beside the target, and nobody sees it until Commit.
//
// A File must be closed; `defer f.Close()` right after Create is the way, since
// Close after Commit does nothing. Its methods are safe for concurrent use.
//
// Like a nil *os.File, a nil File can be used: each method but Name returns
// [fs.ErrInvalid].
//
// Unlike an *os.File it has no Read, Fd or Sync: what stands under the name
// until Commit is another file.
type File struct {
	x    *FS
	name string

	mu     sync.Mutex
	t      *target
	excl   bool        // Commit never replaces
	exact  bool        // perm is meant whatever the umask and the old mode
	perm   fs.FileMode // of a new file, or of any if exact
	cause  error       // why the content goes in place from the start
	stage  stage
	temp   string   // the temporary's name in t.dir, "" if there is none
	disk   *os.File // the temporary, nil once it is closed
	failed error    // the first failure, which blocks Commit
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
func (x *FS) newFile(t *target, perm fs.FileMode, exact bool) (_ *File, err error) {
	f := &File{x: x, name: t.name, t: t, perm: perm, exact: exact}
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

func (f *File) openStage() error {
	t, x := f.t, f.x
	if t.viaOS {
		if x.strict {
			return notAtomic(f.name, ErrNotRegular)
		}
		f.stage = &inMemory{name: f.name, mode: t.old.mode}
		return nil
	}
	if f.cause == nil {
		perm := f.perm
		if t.exists {
			perm = 0o600 // until it has the owner of the old file
		}
		disk, base, err := x.createTemp(t, perm)
		if err == nil {
			f.disk, f.temp, f.stage = disk, base, onDisk{x.sys, disk}
			return nil
		}
		if !t.exists || hopeless(err) {
			return pathError("open", f.name, err)
		}
		f.cause = err
	}
	if x.strict {
		return notAtomic(f.name, f.cause)
	}
	f.stage = &inMemory{name: f.name, mode: t.old.mode}
	return nil
}

// Name returns the name that the File was created with, not the temporary's.
func (f *File) Name() string { return f.name }

// Write appends to the staged content. A failure blocks Commit.
func (f *File) Write(p []byte) (n int, err error) {
	err = f.do("write", func() error {
		n, err = f.stage.Write(p)
		return err
	})
	return n, err
}

// WriteString is Write of a string.
func (f *File) WriteString(s string) (int, error) { return f.Write([]byte(s)) }

// ReadFrom appends all of r to the staged content, as io.Copy does. A failure
// to read or write blocks Commit, so that half of r is never published.
func (f *File) ReadFrom(r io.Reader) (n int64, err error) {
	err = f.do("write", func() error {
		n, err = f.stage.ReadFrom(r)
		return err
	})
	return n, err
}

// Seek sets where the next Write goes, in bytes, as [os.File.Seek]. A failure
// blocks Commit.
func (f *File) Seek(offset int64, whence int) (pos int64, err error) {
	err = f.do("seek", func() error {
		pos, err = f.stage.Seek(offset, whence)
		return err
	})
	return pos, err
}

// Chmod sets the exact mode that the file will have, whatever the umask and the
// mode of the file that it replaces. A failure blocks Commit.
func (f *File) Chmod(mode fs.FileMode) error {
	return f.do("chmod", func() error {
		if err := f.stage.Chmod(mode); err != nil {
			return err
		}
		f.exact, f.perm = true, mode
		return nil
	})
}

// Stat describes the staged content: its size so far, and a mode that Commit
// may still change to that of the file it replaces. A failure blocks Commit.
func (f *File) Stat() (info fs.FileInfo, err error) {
	err = f.do("stat", func() error {
		if info, err = f.stage.Stat(); err == nil {
			info = named{info, filepath.Base(f.name)}
		}
		return err
	})
	return info, err
}

// named is a FileInfo under the caller's name.
type named struct {
	fs.FileInfo
	name string
}

func (n named) Name() string { return n.name }

// do runs one method on the stage and keeps its first failure. A panic, as of
// a Reader, is a failure too.
func (f *File) do(op string, call func() error) (err error) {
	if f == nil {
		return fs.ErrInvalid
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.state != open {
		return pathError(op, f.name, fs.ErrClosed)
	}
	err = errPanicked
	defer func() {
		if err != nil && f.failed == nil {
			f.failed = err
		}
	}()
	err = f.relabel(call())
	return err
}

var errPanicked = errors.New("a panic interrupted a write")

// relabel makes an error about the temporary one about the caller's file; an
// error about another file, such as the source of ReadFrom, it leaves alone.
func (f *File) relabel(err error) error {
	if err == nil || f.disk == nil {
		return err
	}
	var e *fs.PathError
	if errors.As(err, &e) && e.Path == f.disk.Name() {
		return pathError(e.Op, f.name, e)
	}
	return err
}

// Commit publishes the staged content under the name and closes the File; only
// the first call does. If a method of the File has failed, Commit publishes
// nothing and returns that failure.
//
// A [*DurabilityError] says that the content is published but not known to
// survive a power failure. After any other error the old content stands, unless
// the file had to be written in place (see the package documentation). An
// exclusive File returns an error that is [fs.ErrExist] if the name was taken
// meanwhile. A second Commit, or one after Close, is [fs.ErrClosed].
func (f *File) Commit() error {
	if f == nil {
		return fs.ErrInvalid
	}
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

// Close abandons the staged content and removes the temporary, unless Commit
// has published it. Abandoning is reported as [ErrNotCommitted], so that
// `return f.Close()` cannot lose a write in silence; after a Commit that
// published, Close returns nil.
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

// watch frees what f holds should it become garbage before it was closed, as
// the os package does for its files.
func (f *File) watch() {
	type leftover struct {
		sys  system
		dir  *dir
		temp string
	}
	if f.t.dir == nil {
		return
	}
	f.dropped = runtime.AddCleanup(f, func(l leftover) {
		if l.temp != "" {
			l.sys.unlink(l.dir, l.temp)
		}
		l.sys.closeDir(l.dir)
	}, leftover{f.x.sys, f.t.dir, f.temp})
}

// discard frees all that the File holds. It may be called again. Each step is
// deferred, for a panic in one must not keep the others from running.
func (f *File) discard() {
	x := f.x
	f.dropped.Stop()
	defer x.release(f.t)
	if f.temp != "" {
		defer func() {
			x.sys.unlink(f.t.dir, f.temp)
			f.temp = ""
		}()
	}
	f.closeDisk()
}

// closeDisk closes the temporary once.
func (f *File) closeDisk() error {
	if f.disk == nil {
		return nil
	}
	disk := f.disk
	f.disk = nil
	return f.x.sys.close(disk)
}
