package atomicfix

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"os"
)

// Update calls change with the content of a file, and replaces the content by its
// result. No other Update of that file runs at the same time, in this process or in
// another one, even if it uses a link to the file. For a file that does not exist,
// change gets nil, and the file is created with perm as by [WriteFile]. If change
// returns a nil slice, Update writes an empty file. If it returns the same content,
// Update writes nothing. If it returns an error or panics, Update writes nothing,
// frees the lock, and returns the error unchanged.
//
// The lock is advisory (flock(2), LockFileEx): it does not stop programs that write
// without Update. It is on a hidden file beside the target, named .atomicfix-*.lock,
// which must not be removed while a program may use it. Only users who may write to
// the target can open that file, so a reader cannot block others. Anything else under
// its name is an error: for example a FIFO or, in a directory like /tmp, a file of a
// user who may not write to the target. On a file system without locks Update fails.
//
// If the lock file can be neither made nor opened, for example in a directory that
// takes no new file, the target itself is locked, as a writer. Then a user who may
// only read the target can block Update. On Linux the two kinds of lock exclude each
// other; on other systems they do not. Two hard links to one file count as two files,
// and so does a file that is mounted over another one. A file in a directory that is
// mounted at two places counts as one.
//
// Goroutines of one process wait in a queue, and use neither a thread nor a
// descriptor. change must not call Update for the same file, because that call would
// wait for ever. Names that differ only in case count as one file.
func Update(name string, perm os.FileMode, change func(old []byte) ([]byte, error)) error {
	return std.Update(name, perm, change)
}

// UpdateContext is [Update], but waits for the lock only until ctx is done, and
// then returns an error that is ctx.Err(). While another process has the lock, it
// tries to get it at intervals of up to 50 milliseconds, so a process that waits by
// Update gets it first. Once change runs, ctx has no effect.
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

// lockTarget resolves name and locks the file that it leads to. While we wait, a link
// may change and a file may be replaced, so afterwards the name must still lead to the
// locked file.
func (x *FS) lockTarget(ctx context.Context, name string, perm fs.FileMode) (_ *held, _ *target, err error) {
	for {
		l, t, err := x.lockOnce(ctx, name, perm)
		if err != errChanged {
			return l, t, err
		}
	}
}

// lockOnce is errChanged if the locked file is no longer the one at the path.
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
		// Those who wait within this process have no lock and no descriptor.
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
	if op, err := l.join(ctx, after); err == errChanged {
		return nil, nil, err
	} else if err != nil {
		return nil, nil, pathError(op, name, err)
	}
	x.release(before)
	done = true
	return l, after, nil
}

// join opens the target to be read, and waits for those who have locked the target
// itself. op is the operation that failed.
func (l *held) join(ctx context.Context, t *target) (op string, err error) {
	x := l.x
	if !t.exists {
		if l.own {
			return "", errChanged
		}
		return "", nil
	}
	if !l.own {
		f, err := x.openWaiting(t.dir, t.base, t.name, os.O_RDONLY, 0)
		if absent(err) {
			return "", errChanged
		}
		if err != nil {
			return "open", err
		}
		l.content = f
		err = wait(ctx, func(block bool) error { return x.sys.lockContent(f, false, block) })
		if err != nil && !unsupported(err) {
			return "lock", err
		}
	}
	m, err := x.sys.fstat(l.content)
	if err != nil {
		return "stat", err
	}
	now, err := x.sys.lstat(t.dir, t.base)
	if err == nil && !now.same(m) || absent(err) {
		return "", errChanged // replaced by those for whom we have waited
	}
	if err == nil && !m.mode.IsRegular() {
		return "open", ErrNotRegular
	}
	t.old = now
	return "stat", err
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
