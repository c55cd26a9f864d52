package atomicfix

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// errLocked means that another holder has the lock, and that the call did not wait.
var errLocked = errors.New("locked")

// lockName is the name of the sidecar that is locked for base. It is as short as a
// temporary's name. Names that differ only in case have the same sidecar, because
// they are names of one file on some file systems.
func lockName(base string) string {
	const random = 14 // characters of 5 bits
	sum := sha256.Sum256([]byte(foldCase(base)))
	return tempPrefix + base32.StdEncoding.EncodeToString(sum[:])[:random] + ".lock"
}

// foldCase is the same for names that differ only in case. It keeps each byte that is
// not UTF-8, which package strings would replace: names in Latin-1 are different files.
func foldCase(name string) string {
	var folded strings.Builder
	for name != "" {
		r, n := utf8.DecodeRuneInString(name)
		if r == utf8.RuneError && n == 1 {
			folded.WriteByte(name[0])
		} else {
			folded.WriteRune(unicode.ToLower(unicode.ToUpper(r)))
		}
		name = name[n:]
	}
	return folded.String()
}

// A held lock is a lock of the sidecar, with the target open and locked for shared
// use, or, if own, a lock of the target for exclusive use. The two exclude each
// other:
//
//   - Only users who may write to the target can open the sidecar. This matters
//     because flock(2) needs no write permission: a user who may only read a file
//     could block all others for ever.
//   - A user who can neither open nor make the sidecar locks the target as a writer
//     (fcntl(2), F_OFD_SETLK with F_WRLCK). A reader cannot take such a lock. The
//     holder of a sidecar waits for the holders of such locks, and for no reader.
type held struct {
	x       *FS
	f       *file // what is locked
	own     bool
	content *file  // the target, to be read; f itself if own; nil if there is none
	key     string // in updates
}

func (l *held) free() {
	if l.key != "" {
		defer updates.leave(l.key)
	}
	if l.content != nil && !l.own {
		defer l.x.sys.close(l.content)
	}
	if l.f != nil {
		defer l.x.sys.close(l.f)
		l.x.sys.unlock(l.f) // close frees it only once no child process has it open
	}
}

// lock waits for the lock of t until ctx ends. The sidecar is never unlinked:
// one process could lock the file that another has just unlinked.
func (l *held) lock(ctx context.Context, t *target) error {
	for {
		if err := l.open(t); err != nil {
			return err
		}
		current, err := l.acquire(ctx, t)
		if err != nil || current {
			return err
		}
		f := l.f
		l.f, l.content = nil, nil
		l.x.sys.unlock(f)
		l.x.sys.close(f)
	}
}

// acquire locks l and reports whether its file still has the name, and is still
// the one to lock.
func (l *held) acquire(ctx context.Context, t *target) (current bool, err error) {
	x := l.x
	if err := wait(ctx, func(block bool) error {
		if l.own {
			return x.sys.lockContent(l.f, true, block)
		}
		return x.sys.lock(l.f, block)
	}); err != nil {
		return false, err
	}
	m, err := x.sys.fstat(l.f)
	if err != nil {
		return false, err
	}
	base := lockName(t.base)
	if l.own {
		// Another process may have made a sidecar meanwhile, and waits for us.
		f, err := x.openSidecar(t)
		if err == nil {
			x.sys.close(f)
			return false, nil
		}
		base = t.base
	}
	now, err := x.sys.lstat(t.dir, base)
	if err != nil && !absent(err) {
		return false, err
	}
	return err == nil && now.same(m), nil
}

// wait calls try until it is no longer locked or ctx ends.
func wait(ctx context.Context, try func(block bool) error) error {
	if ctx.Done() == nil {
		return try(true)
	}
	for delay := time.Millisecond; ; delay = nextDelay(delay) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := try(false); err != errLocked {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(delay):
		}
	}
}

// open opens the sidecar of t, makes it if there is none, or opens t itself
// where neither can be.
func (l *held) open(t *target) (err error) {
	x := l.x
	for try := 0; try < maxTries; try++ {
		f, err := x.openSidecar(t)
		switch {
		case err == nil:
			l.f, l.own = f, false
			return nil
		case absent(err):
			err = x.makeSidecar(t)
			if err == nil || errors.Is(err, fs.ErrExist) {
				continue
			}
		case !errors.Is(err, fs.ErrPermission) || err == errStranger:
			return err
		}
		if !t.exists || hopeless(err) {
			return err
		}
		f, err = x.openWaiting(t.dir, t.base, t.name, os.O_RDWR, 0)
		l.f, l.own, l.content = f, err == nil, f
		return err
	}
	return errChanged
}

// errStranger means that another user may have made the lock file to block others.
var errStranger = fmt.Errorf("the lock file is another user's: %w", fs.ErrPermission)

// openSidecar opens without O_CREAT, which fs.protected_regular would refuse
// in a sticky directory for a sidecar that another user has made. It opens to
// write: the sidecar's mode lets only those do so who may write to the target.
func (x *FS) openSidecar(t *target) (*file, error) {
	f, err := x.sys.open(t.dir, lockName(t.base), t.name, os.O_RDWR|openNonblock, 0)
	if err != nil {
		return nil, err
	}
	fit := false
	defer func() {
		if !fit {
			x.sys.close(f)
		}
	}()
	m, err := x.sys.fstat(f)
	if err != nil {
		return nil, err
	}
	if !m.mode.IsRegular() {
		return nil, ErrNotRegular
	}
	if err := x.trusted(t, m); err != nil {
		return nil, err
	}
	// The target may have been closed to some since.
	if want := m.mode.Perm() & lockMode(t.old.mode); t.exists && m.nlink == 1 && m.mine() && m.mode.Perm() != want {
		x.sys.chmod(f, want)
	}
	fit = true
	return f, nil
}

// trusted is an error if the sidecar m may be of a user who may not write to the
// target, but may make files beside it, as in /tmp. In a directory that is not
// sticky such a user could replace the target, too.
func (x *FS) trusted(t *target, m meta) error {
	if m.mine() || m.uid == 0 || t.exists && m.uid == t.old.uid {
		return nil
	}
	d, err := x.sys.statDir(t.dir)
	if err != nil {
		return err
	}
	const groupWrites, othersWrite = 0o020, 0o002
	switch mode := t.old.mode; {
	case d.uid == m.uid || !d.shared(false),
		t.exists && mode&othersWrite != 0,
		t.exists && mode&groupWrites != 0 && d.gid == t.old.gid && d.mode&othersWrite == 0:
		return nil
	}
	return errStranger
}

// lockMode lets all users open a sidecar who may write to a target of this mode,
// and its owner, who may change the mode.
func lockMode(mode fs.FileMode) fs.FileMode {
	lock := fs.FileMode(0o600)
	if mode&0o020 != 0 {
		lock |= 0o060
	}
	if mode&0o002 != 0 {
		lock |= 0o006
	}
	return lock
}

// makeSidecar creates the sidecar, at once with the right owner and mode.
func (x *FS) makeSidecar(t *target) error {
	st := &target{name: t.name, dir: t.dir, borrowed: true, base: lockName(t.base)}
	y := *x
	y.noSync = true // it has no content to lose
	perm := fs.FileMode(0o600)
	if !t.exists {
		perm = lockMode(t.perm) // before umask
	}
	f, err := y.newFile(st, perm, exclusive)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.dressAsLock(t); err != nil {
		return err
	}
	return f.Commit()
}

// dressAsLock gives the new sidecar the owner of the target and lets its group
// in, if that may write. To have no ACL of its own, it shuts out those whom only
// an ACL lets write to the target: they lock the target itself.
func (f *File) dressAsLock(t *target) error {
	x := f.x
	if err := f.learn(); err != nil {
		return err
	}
	have, err := x.sys.flistAttrs(f.disk)
	if err == nil && contains(have, aclAttr) {
		err = x.sys.fremoveAttr(f.disk, aclAttr)
	}
	if err != nil && !unsupported(err) {
		return err
	}
	if !t.exists {
		return nil
	}
	mode := lockMode(t.old.mode)
	x.sys.chown(f.disk, t.old.uid, t.old.gid) // if we may
	attrs, err := x.sys.listAttrs(t.dir, t.base)
	m, serr := x.sys.fstat(f.disk)
	if serr != nil {
		return serr
	}
	if m.gid != t.old.gid || err != nil && !unsupported(err) || contains(attrs, aclAttr) {
		mode &^= 0o070
	}
	f.exact, f.perm, f.made = true, mode, m
	return nil
}

func (k kernel) claim(f *file) error { return k.lock(f, false) }
