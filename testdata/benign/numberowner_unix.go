// One number has one owner at a time: it is a copy, it is closed only where no
// file was made of it, or whoever makes the file gives the number away.

//go:build unix

package benign

import (
	"errors"
	"os"
	"strconv"
	"syscall"
)

// A copy of the number for the file.
func listCopy(dir string) ([]string, error) {
	n, err := syscall.Open(dir, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	defer syscall.Close(n)
	own, err := syscall.Dup(n)
	if err != nil {
		return nil, err
	}
	f := os.NewFile(uintptr(own), dir)
	defer f.Close()
	return f.Readdirnames(-1)
}

// The number is closed on the ways on which there is no file.
func openNonblocking(path string) (*os.File, error) {
	n, err := syscall.Open(path, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	if err := syscall.SetNonblock(n, true); err != nil {
		syscall.Close(n)
		return nil, err
	}
	f := os.NewFile(uintptr(n), path)
	if f == nil {
		syscall.Close(n)
		return nil, errors.New("no file")
	}
	return f, nil
}

// The deferred literal closes only what has failed before the file was made.
func openDeferred(path string) (f *os.File, err error) {
	n, err := syscall.Open(path, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			syscall.Close(n)
		}
	}()
	if err = syscall.SetNonblock(n, true); err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(n), path), nil
}

// Each end of the pair has one owner.
func pairOfFiles() (ours, theirs *os.File, err error) {
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		return nil, nil, err
	}
	return os.NewFile(uintptr(fds[0]), "ours"), os.NewFile(uintptr(fds[1]), "theirs"), nil
}

// Another number in each round.
func eachOnce(paths []string) error {
	for _, path := range paths {
		n, err := syscall.Open(path, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
		if err != nil {
			return err
		}
		if err := os.NewFile(uintptr(n), path).Close(); err != nil {
			return err
		}
	}
	return nil
}

// Two variables of the environment name two numbers.
func twoInherited() []*os.File {
	var files []*os.File
	for _, name := range []string{"READ_FD", "WRITE_FD"} {
		if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
			files = append(files, os.NewFile(uintptr(n), name))
		}
	}
	return files
}

type waiter struct{ fd int }

// It gives the number away: stop has nothing left to close.
func (w *waiter) file() *os.File {
	f := os.NewFile(uintptr(w.fd), "waiter")
	w.fd = -1
	return f
}

func (w *waiter) stop() error {
	if w.fd < 0 {
		return nil
	}
	return syscall.Close(w.fd)
}

// A daemon lets go of its terminal.
func letGo() error {
	null, err := syscall.Open("/dev/null", syscall.O_RDWR, 0)
	if err != nil {
		return err
	}
	for n := range 3 {
		if err := syscall.Dup2(null, n); err != nil {
			return err
		}
	}
	return syscall.Close(null)
}
