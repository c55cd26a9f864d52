//go:build unix

// Package a has what is reported in strict mode alone.
package a

import (
	"fmt"
	"log"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"
)

// Handed out.

func locked(path string) (int, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return -1, err
	}
	fd := int(f.Fd())
	if err := syscall.Flock(fd, syscall.LOCK_EX); err != nil {
		f.Close()
		return -1, err
	}
	return fd, nil
}

type holder struct{ fd int }

func (h *holder) hold(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	h.fd = int(f.Fd())
	return nil
}

func tty(cmd *exec.Cmd) error {
	f, err := os.Open("/dev/tty")
	if err != nil {
		return err
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setctty: true, Ctty: int(f.Fd())}
	return cmd.Start()
}

func heldByFile(path string) (*os.File, int, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, -1, err
	}
	return f, int(f.Fd()), nil
}

func stored(h *holder, keep map[string]*os.File, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	keep[path] = f
	h.fd = int(f.Fd())
	return nil
}

func ofCaller(f *os.File) int {
	return int(f.Fd())
}

func closedFirst(path string) (uintptr, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	return f.Fd(), nil
}

// Used last.

func lockOnly(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return syscall.Flock(int(f.Fd()), syscall.LOCK_SH)
}

func copied(conn *net.TCPConn) error {
	f, err := conn.File()
	if err != nil {
		return err
	}
	fd := int(f.Fd())
	return syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1)
}

func open(path string) (*os.File, error) { return os.Open(path) }

func throughHelper(path string) error {
	f, err := open(path)
	if err != nil {
		return err
	}
	return syscall.Fsync(int(f.Fd()))
}

func byName(path string) (os.FileInfo, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return os.Stat("/proc/self/fd/" + strconv.Itoa(int(f.Fd())))
}

func byFormattedName(path string) (os.FileInfo, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return os.Stat(fmt.Sprintf("/proc/self/fd/%d", f.Fd()))
}

func printed(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	log.Printf("opened as %d", f.Fd())
	return nil
}

func keptAlive(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	err = syscall.Fsync(int(f.Fd()))
	runtime.KeepAlive(f)
	return err
}

func closedLater(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	err = syscall.Fsync(int(f.Fd()))
	f.Close()
	return err
}

func closedAtEnd(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { f.Close() }()
	return syscall.Fsync(int(f.Fd()))
}

func throughConn(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	conn, err := f.SyscallConn()
	if err != nil {
		return err
	}
	return conn.Control(func(fd uintptr) { err = syscall.Fsync(int(fd)) })
}

func opened(paths []string) {
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			continue
		}
		syscall.Fsync(int(f.Fd()))
	}
}

// Two owners.

func behindDeferred(f *os.File) int {
	defer syscall.Close(int(f.Fd()))
	return 0
}

func again(f *os.File) *os.File {
	return os.NewFile(f.Fd(), f.Name())
}

func standard() *os.File {
	return os.NewFile(uintptr(syscall.Stdin), "stdin")
}

func duplicated(f *os.File) (*os.File, error) {
	fd, err := syscall.Dup(int(f.Fd()))
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), f.Name()), nil
}

func behind(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return syscall.Close(int(f.Fd()))
}
