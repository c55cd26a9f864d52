// The number leaves the function, its file does not: the file is closed when it is
// collected, or by the deferred call, and the number with it.

//go:build unix

package races

import (
	"os"
	"syscall"
)

func exclusiveNumber(path string) (int, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return -1, err
	}
	n := int(f.Fd()) // want `fdlife: .*Fd lets the descriptor outlive its file`
	if err := syscall.Flock(n, syscall.LOCK_EX); err != nil {
		return -1, err
	}
	return n, nil
}

func numberOf(path string) (uintptr, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	return f.Fd(), nil // want `fdlife: .*Fd returns a descriptor that the deferred Close closes before the caller can use it`
}

func lockShared(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return syscall.Flock(int(f.Fd()), syscall.LOCK_SH) // want `fdlife: .*Fd is the last use of its file: the garbage collector may close the descriptor while syscall.Flock on line 39 runs`
}

func secondFile(f *os.File) *os.File {
	return os.NewFile(f.Fd(), f.Name()) // want `fdlife: os.NewFile creates a second owner of the descriptor`
}

func behindItsBack(f *os.File) error {
	return syscall.Close(int(f.Fd())) // want `fdlife: syscall.Close closes the descriptor, and its os.File closes the same number again later: by then it may belong to an unrelated file`
}
