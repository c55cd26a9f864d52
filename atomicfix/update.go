package atomicfix

import (
	"context"
	"io"
	"io/fs"
	"os"
)

// Update replaces the content of a file by what change makes of it, while no
// other Update of that file runs, in this process or another, whatever link the
// other reaches it through. change gets nil for a file that does not exist,
// which is then created with perm as by [WriteFile]; a nil slice from it writes
// an empty file. If change returns an error or panics, nothing is written, the
// lock is freed, and Update returns the error unchanged.
//
// The lock is advisory (flock(2), LockFileEx): whoever writes without Update is
// not kept out. It lies on a hidden file beside the target, named
// .atomicfix-*.lock, which must not be removed while a program may use it.
// Where the directory takes no new file, the target itself is locked and written
// in place. On a file system without locks Update fails.
//
// change must not call Update for the same file: that waits for itself forever.
// Names that differ in case only count as the same file.
func Update(name string, perm os.FileMode, change func(old []byte) ([]byte, error)) error {
	return std.Update(name, perm, change)
}

// UpdateContext is [Update], but waits for the lock only until ctx is done, and
// then returns an error that is ctx.Err(). It asks for the lock at intervals of
// up to 50 milliseconds, so one that never rests is served before it. Once
// change runs, ctx has no effect.
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

	old, err := x.read(l, t)
	if err != nil {
		return pathError("read", name, err)
	}
	data, err := change(old)
	if err != nil {
		return err
	}
	return x.writeLocked(l, t, data, perm)
}

// lockTarget resolves name and locks what it stands for. A link may be changed
// and a file replaced while we wait, so what is locked must be what the name
// stands for afterwards.
func (x *FS) lockTarget(ctx context.Context, name string, perm fs.FileMode) (_ *held, _ *target, err error) {
	var before, after *target
	var l *held
	done := false
	defer func() {
		if done {
			return
		}
		defer x.release(before)
		defer x.release(after)
		if l != nil {
			l.free()
		}
	}()
	for {
		if before, err = x.resolve(name); err != nil {
			return nil, nil, err
		}
		if before.viaOS {
			return nil, nil, pathError("update", name, ErrNotRegular)
		}
		before.perm = perm
		if l, err = x.lock(ctx, before); err != nil {
			return nil, nil, pathError("lock", name, err)
		}
		if after, err = x.resolve(name); err != nil {
			return nil, nil, err
		}
		same, err := x.samePlace(before, after)
		if err != nil {
			return nil, nil, pathError("lock", name, err)
		}
		x.release(before)
		if same {
			done = true
			return l, after, nil
		}
		moved := l
		l = nil
		moved.free()
		x.release(after)
	}
}

// samePlace reports whether both targets are the same entry of one directory.
func (x *FS) samePlace(a, b *target) (bool, error) {
	if b.viaOS || a.base != b.base {
		return false, nil
	}
	am, err := x.sys.statDir(a.dir)
	if err != nil {
		return false, err
	}
	bm, err := x.sys.statDir(b.dir)
	return err == nil && am.same(bm), err
}

// read returns the target's content, nil if there is no target.
func (x *FS) read(l *held, t *target) (_ []byte, err error) {
	if !t.exists {
		return nil, nil
	}
	f := l.f
	if !l.own {
		if f, err = x.sys.open(t.dir, t.base, t.name, os.O_RDONLY, 0); err != nil {
			return nil, err
		}
		defer x.sys.close(f)
	}
	buf := make([]byte, 0, max(t.old.size, 0)+512)
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

func (x *FS) writeLocked(l *held, t *target, data []byte, perm fs.FileMode) error {
	if l.own {
		f := &File{x: x, name: t.name, t: t, perm: perm, stage: &inMemory{name: t.name, data: data}}
		return f.overwrite(l.f, f.stage, int64(len(data)))
	}
	return x.put(t, perm, false, func(f *File) error {
		_, err := f.Write(data)
		return err
	})
}
