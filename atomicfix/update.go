package atomicfix

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"os"
)

// Update replaces the content of a file by what change makes of it, while no
// other Update of that file runs, in this process or another, whatever link the
// other reaches it through. change gets nil for a file that does not exist,
// which is then created with perm as by [WriteFile]; a nil slice from it writes
// an empty file. Nothing is written if the content stays the same. If change
// returns an error or panics, nothing is written, the lock is freed, and Update
// returns the error unchanged.
//
// The lock is advisory (flock(2), LockFileEx): whoever writes without Update is
// not kept out. It lies on a hidden file beside the target, named
// .atomicfix-*.lock, which must not be removed while a program may use it. Only
// who may write to the target can open that file, so that a reader cannot keep
// others waiting; anything else under its name, such as a FIFO or, in a directory
// like /tmp, a file of somebody who may not write to the target, is an error. On
// a file system without locks Update fails.
//
// Where the lock file can be neither made nor opened, as in a directory that
// takes no new file, the target itself is locked, as a writer: who may read it can
// then keep Update waiting. On Linux the two kinds of lock exclude each other; on
// other systems they do not. Two hard links to one file are two files, and so is
// one mounted over another; in a directory that is mounted at two places it is one.
//
// Goroutines of one process wait in a queue, and hold neither a thread nor a
// descriptor. change must not call Update for the same file: that waits for
// itself forever. Names that differ in case only count as the same file.
func Update(name string, perm os.FileMode, change func(old []byte) ([]byte, error)) error {
	return std.Update(name, perm, change)
}

// UpdateContext is [Update], but waits for the lock only until ctx is done, and
// then returns an error that is ctx.Err(). While another process has the lock, it
// asks for it at intervals of up to 50 milliseconds, so a process that never rests
// is served before it. Once change runs, ctx has no effect.
func UpdateContext(ctx context.Context, name string, perm os.FileMode, change func(old []byte) ([]byte, error)) error {
	return std.UpdateContext(ctx, name, perm, change)
}

// Update is [Update] with the options of x.
func (x *FS) Update(name string, perm os.FileMode, change func(old []byte) ([]byte, error)) error {
	return x.UpdateContext(context.Background(), name, perm, change)
}

// UpdateContext is [UpdateContext] with the options of x.
func (x *FS) UpdateContext(ctx context.Context, name string, perm os.FileMode, change func(old []byte) ([]byte, error)) error {
	l, t, err := x.lockTarget(ctx, name, perm)
	if err != nil {
		return err
	}
	defer l.free()
	defer func() { x.release(t) }()

	var old []byte
	if l.content != nil {
		if old, err = x.readAll(l.content, t.old.size); err != nil {
			return pathError("read", name, err)
		}
	}
	before := bytes.Clone(old) // for change may work in it
	data, err := change(old)
	if err != nil {
		return err
	}
	if l.content != nil && bytes.Equal(before, data) {
		return nil
	}
	f, err := x.newFile(t, perm, 0)
	if err != nil {
		return err
	}
	return f.finish(func(f *File) error { return second(f.Write(data)) })
}

// lockTarget resolves name and locks what it stands for. A link may be changed
// and a file replaced while we wait, so what is locked must be what the name
// stands for afterwards.
func (x *FS) lockTarget(ctx context.Context, name string, perm fs.FileMode) (_ *held, _ *target, err error) {
	for {
		l, t, err := x.lockOnce(ctx, name, perm)
		if err != errChanged {
			return l, t, err
		}
	}
}

// lockOnce is errChanged if what has been locked is not the one any more.
func (x *FS) lockOnce(ctx context.Context, name string, perm fs.FileMode) (_ *held, _ *target, err error) {
	var before, after *target
	l := &held{x: x}
	done := false
	defer func() {
		if !done {
			defer x.release(before)
			defer x.release(after)
			l.free()
		}
	}()
	resolve := func(t **target) (key string, err error) {
		if *t, err = x.resolve(name, 0); err != nil {
			return "", err
		}
		(*t).perm = perm
		if (*t).stream {
			return "", pathError("update", name, ErrNotRegular)
		}
		if key, err = x.sys.keyOf((*t).dir); err != nil {
			return "", pathError("lock", name, err)
		}
		return key + lockName((*t).base), nil
	}
	key, err := resolve(&before)
	if err != nil {
		return nil, nil, err
	}
	if updates.enter(ctx, key, false) != nil {
		// Those who wait within this process hold nothing meanwhile.
		x.release(before)
		if err := updates.enter(ctx, key, true); err != nil {
			return nil, nil, pathError("lock", name, err)
		}
		l.key = key
		if key, err = resolve(&before); err != nil {
			return nil, nil, err
		}
		if key != l.key {
			return nil, nil, errChanged
		}
	}
	l.key = key
	if err := l.lock(ctx, before); err != nil {
		return nil, nil, pathError("lock", name, err)
	}
	if key, err = resolve(&after); err != nil {
		return nil, nil, err
	}
	if key != l.key {
		return nil, nil, errChanged
	}
	if err := l.join(ctx, after); err == errChanged {
		return nil, nil, err
	} else if err != nil {
		return nil, nil, pathError("lock", name, err)
	}
	x.release(before)
	done = true
	return l, after, nil
}

// join opens the target to be read, and waits for those who have locked itself.
func (l *held) join(ctx context.Context, t *target) error {
	x := l.x
	if !t.exists {
		if l.own {
			return errChanged
		}
		return nil
	}
	if !l.own {
		f, err := x.openWaiting(t.dir, t.base, t.name, os.O_RDONLY, 0)
		if absent(err) {
			return errChanged
		}
		if err != nil {
			return err
		}
		l.content = f
		err = wait(ctx, func(block bool) error { return x.sys.lockContent(f, false, block) })
		if err != nil && !unsupported(err) {
			return err
		}
	}
	m, err := x.sys.fstat(l.content)
	if err != nil {
		return err
	}
	now, err := x.sys.lstat(t.dir, t.base)
	if err == nil && !now.same(m) || absent(err) {
		return errChanged // replaced by those for whom we have waited
	}
	if err == nil && !m.mode.IsRegular() {
		return ErrNotRegular
	}
	t.old = now
	return err
}

// readAll reads a file from its start; size is a guess.
func (x *FS) readAll(f *file, size int64) ([]byte, error) {
	buf := make([]byte, 0, size+512)
	for {
		n, err := x.sys.readAt(f, buf[len(buf):cap(buf)], int64(len(buf)))
		buf = buf[:len(buf)+n]
		switch {
		case err == io.EOF:
			return buf, nil
		case err != nil:
			return nil, err
		}
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
	}
}
