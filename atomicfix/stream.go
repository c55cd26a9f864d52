package atomicfix

import (
	"errors"
	"io/fs"
	"os"
	"time"
)

// openStream opens what cannot be replaced, and is written to as it comes. It is
// opened once, in its own directory and without following a link, and it must be
// the file that was resolved. Only the file behind a link of procfs is opened by name.
func (f *File) openStream() error {
	x, t := f.x, f.t
	if x.strict {
		return notAtomic(f.name, ErrNotRegular)
	}
	x.fellBack(f.name, ErrNotRegular)
	disk, err := x.streamOf(t, f.perm)
	if err != nil {
		return pathError("open", f.name, err)
	}
	f.disk, f.label = disk, disk.Name()
	if err := f.learn(); err != nil {
		return pathError("open", f.name, err)
	}
	if t.exists && !f.made.same(t.old) || !t.exists && !t.byName {
		return pathError("open", f.name, errChanged)
	}
	if f.made.mode.IsRegular() { // behind a link of procfs
		if err := x.sys.truncate(disk, 0); err != nil {
			return pathError("truncate", f.name, err)
		}
	}
	if f.exact {
		if err := f.setStreamMode(f.perm); err != nil {
			return pathError("chmod", f.name, err)
		}
	}
	f.stage = onDisk{x.sys, disk}
	return nil
}

// streamOf opens a device, FIFO or socket. It waits for the reader of a FIFO, as
// open(2) does without O_NONBLOCK. But it checks repeatedly that the FIFO still has
// the name, because otherwise it could wait for ever.
func (x *FS) streamOf(t *target, perm fs.FileMode) (*file, error) {
	if t.byName {
		return x.sys.openName(t.name, os.O_WRONLY|os.O_CREATE, perm.Perm())
	}
	for delay := time.Millisecond; ; delay = nextDelay(delay) {
		f, err := x.sys.openStream(t.dir, t.base, t.name, perm.Perm())
		if err == nil || !errors.Is(err, errNoReader) || t.old.mode&fs.ModeNamedPipe == 0 {
			return f, err
		}
		if now, err := x.sys.lstat(t.dir, t.base); err != nil || !now.same(t.old) {
			return nil, errChanged
		}
		time.Sleep(delay)
	}
}

// maxDelay is the longest time between two looks at what is waited for.
const maxDelay = 50 * time.Millisecond

// setStreamMode sets the mode of a regular file behind a link of procfs. That of
// a device or FIFO does not change.
func (f *File) setStreamMode(mode fs.FileMode) error {
	if !f.made.mode.IsRegular() {
		return nil
	}
	return f.setMode(mode)
}

func nextDelay(delay time.Duration) time.Duration {
	if 2*delay > maxDelay {
		return maxDelay
	}
	return 2 * delay
}
