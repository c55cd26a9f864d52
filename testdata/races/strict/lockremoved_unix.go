// The file of a lock is removed by name. A process that waits for the lock gets it
// on a file without a name; the next one makes a new file and locks that. Both go on.

//go:build unix

package races

import (
	"errors"
	"os"
	"syscall"
)

func lockAt(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// Deferred calls run last first: the lock is given up before the removal.
func removedAfter(path string, do func() error) error {
	f, err := lockAt(path)
	if err != nil {
		return err
	}
	defer os.Remove(path) // want `checkact: os.Remove removes the file that the lockAt \(os.OpenFile\) on line 28 locks: a process that waits for the lock gets it on the removed file, and another process can create and lock a new one`
	defer f.Close()
	return do()
}

func removedWhileHeld(path string, do func() error) (err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return err
	}
	err = do()
	return errors.Join(err, os.Remove(path)) // want `checkact: os.Remove removes the file that the os.OpenFile on line 38`
}

type dirLock struct {
	path string
	f    *os.File
}

func (l *dirLock) take() (err error) {
	l.f, err = lockAt(l.path)
	return err
}

func (l *dirLock) release() error {
	if err := l.f.Close(); err != nil {
		return err
	}
	return os.Remove(l.path) // want `checkact: os.Remove removes the file that the lockAt \(os.OpenFile\) on line 56`
}
