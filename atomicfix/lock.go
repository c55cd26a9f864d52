package atomicfix

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"strings"
	"time"
)

// errLocked says that a lock is held by another and was not waited for.
var errLocked = errors.New("locked")

// lockName names the sidecar that is locked for base: of fixed length, and the
// same for names that differ in case only, which stand for one file on some
// file systems.
func lockName(base string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(strings.ToUpper(base))))
	return tempPrefix + hex.EncodeToString(sum[:16]) + ".lock"
}

// A held lock. If own, the file that is locked is the target itself.
type held struct {
	x   *FS
	f   *os.File
	own bool
}

func (l *held) free() {
	defer l.x.sys.close(l.f)
	l.x.sys.unlock(l.f) // close frees it only once no child process has it open
}

// lock waits for the lock of t until ctx ends. The sidecar is never unlinked:
// one process could lock the file that another has just unlinked.
func (x *FS) lock(ctx context.Context, t *target) (*held, error) {
	for {
		l, err := x.openLock(t)
		if err != nil {
			return nil, err
		}
		current, err := l.acquire(ctx, t)
		if err == nil && current {
			return l, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// acquire locks l and reports whether its file still has the name. Unless it
// does, l is closed.
func (l *held) acquire(ctx context.Context, t *target) (current bool, err error) {
	defer func() {
		if !current {
			l.free()
		}
	}()
	if err := l.wait(ctx); err != nil {
		return false, err
	}
	m, err := l.x.sys.fstat(l.f)
	if err != nil {
		return false, err
	}
	base := lockName(t.base)
	if l.own {
		base = t.base
	}
	now, err := l.x.sys.lstat(t.dir, base)
	if err != nil && !absent(err) {
		return false, err
	}
	return err == nil && now.same(m), nil
}

func (l *held) wait(ctx context.Context) error {
	if ctx.Done() == nil {
		return l.x.sys.lock(l.f, true)
	}
	for delay := time.Millisecond; ; delay = min(2*delay, 50*time.Millisecond) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := l.x.sys.lock(l.f, false); err != errLocked {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(delay):
		}
	}
}

// openLock opens the sidecar of t, makes it if there is none, or opens t itself
// where the directory takes no file.
func (x *FS) openLock(t *target) (*held, error) {
	for range maxTries {
		f, err := x.openSidecar(t)
		if err == nil || !absent(err) {
			return &held{x: x, f: f}, err
		}
		err = x.makeSidecar(t)
		switch {
		case err == nil, errors.Is(err, fs.ErrExist):
			continue
		case !t.exists || hopeless(err):
			return nil, err
		case x.strict:
			return nil, notAtomic(t.name, err)
		}
		f, err = x.sys.open(t.dir, t.base, t.name, os.O_RDWR, 0)
		return &held{x: x, f: f, own: true}, err
	}
	return nil, errChanged
}

// openSidecar opens without O_CREAT, which fs.protected_regular would refuse
// in a sticky directory for a sidecar that another user has made.
func (x *FS) openSidecar(t *target) (*os.File, error) {
	base := lockName(t.base)
	f, err := x.sys.open(t.dir, base, t.name, os.O_RDWR|openNonblock, 0)
	if errors.Is(err, fs.ErrPermission) {
		f, err = x.sys.open(t.dir, base, t.name, os.O_RDONLY|openNonblock, 0)
	}
	if err != nil {
		return nil, err
	}
	regular := false
	defer func() {
		if !regular {
			x.sys.close(f)
		}
	}()
	m, err := x.sys.fstat(f)
	if err != nil {
		return nil, err
	}
	if regular = m.mode.IsRegular(); !regular {
		return nil, ErrNotRegular
	}
	return f, nil
}

// makeSidecar creates the sidecar, for whoever may read or write the target, at
// once with the right owner and mode.
func (x *FS) makeSidecar(t *target) error {
	const execute = 0o111
	st := &target{name: t.name, dir: t.dir, borrowed: true, base: lockName(t.base)}
	y := *x
	y.noSync = true // it has no content to lose
	perm := t.perm &^ execute
	if t.exists {
		perm = t.old.mode.Perm() &^ execute
	}
	f, err := y.newFile(st, perm, t.exists)
	if err != nil {
		return err
	}
	defer f.Close()
	f.excl = true
	if t.exists {
		// Where that is not allowed, those who share the target's group may be
		// unable to open the sidecar, and are told so.
		x.sys.chown(f.disk, t.old.uid, t.old.gid)
	}
	return f.Commit()
}
