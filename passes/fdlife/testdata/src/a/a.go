//go:build unix

// Package a has descriptors that their files do not outlive.
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
	fd := int(f.Fd()) // want `^\(\*os.File\).Fd lets the descriptor outlive its file`
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
	h.fd = int(f.Fd()) // want `lets the descriptor outlive its file`
	return nil
}

func tty(cmd *exec.Cmd) error {
	f, err := os.Open("/dev/tty")
	if err != nil {
		return err
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setctty: true, Ctty: int(f.Fd())} // want `lets the descriptor outlive its file`
	return cmd.Start()
}

func heldByFile(path string) (*os.File, int, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, -1, err
	}
	return f, int(f.Fd()), nil // nope: the file goes with it
}

func stored(h *holder, keep map[string]*os.File, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	keep[path] = f
	h.fd = int(f.Fd()) // nope: the file is kept
	return nil
}

func ofCaller(f *os.File) int {
	return int(f.Fd()) // nope: the caller has the file
}

func closedFirst(path string) (uintptr, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	return f.Fd(), nil // want `^\(\*os.File\).Fd returns a descriptor that the deferred Close closes before the caller can use it$`
}

// Used last.

func lockOnly(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return syscall.Flock(int(f.Fd()), syscall.LOCK_SH) // want `^\(\*os.File\).Fd is the last use of its file: the garbage collector may close the descriptor while syscall.Flock on line 90 runs$`
}

func copied(conn *net.TCPConn) error {
	f, err := conn.File()
	if err != nil {
		return err
	}
	fd := int(f.Fd()) // want `while syscall.SetsockoptInt on line 99 runs`
	return syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1)
}

func open(path string) (*os.File, error) { return os.Open(path) }

func throughHelper(path string) error {
	f, err := open(path)
	if err != nil {
		return err
	}
	return syscall.Fsync(int(f.Fd())) // want `while syscall.Fsync on line 109 runs`
}

func byName(path string) (os.FileInfo, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return os.Stat("/proc/self/fd/" + strconv.Itoa(int(f.Fd()))) // want `while os.Stat on line 117 runs`
}

func byFormattedName(path string) (os.FileInfo, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return os.Stat(fmt.Sprintf("/proc/self/fd/%d", f.Fd())) // want `while os.Stat on line 125 runs`
}

func printed(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	log.Printf("opened as %d", f.Fd()) // nope: a number in a message
	return nil
}

func keptAlive(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	err = syscall.Fsync(int(f.Fd())) // nope: it is kept
	runtime.KeepAlive(f)
	return err
}

func closedLater(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	err = syscall.Fsync(int(f.Fd())) // nope: it is used later
	f.Close()
	return err
}

func closedAtEnd(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { f.Close() }()
	return syscall.Fsync(int(f.Fd())) // nope: the literal has it
}

func throughConn(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	conn, err := f.SyscallConn() // nope: the correct form
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
		syscall.Fsync(int(f.Fd())) // want `while syscall.Fsync on line 184 runs`
	}
}

// Two owners.

func behindDeferred(f *os.File) int {
	defer syscall.Close(int(f.Fd())) // want `^syscall.Close closes the descriptor, and its os.File closes`
	return 0
}

func again(f *os.File) *os.File {
	return os.NewFile(f.Fd(), f.Name()) // want `^os.NewFile creates a second owner of the descriptor: after one of the two files is closed or collected, the other one may use the descriptor of an unrelated file$`
}

func standard() *os.File {
	return os.NewFile(uintptr(syscall.Stdin), "stdin") // nope: a number of its own
}

func duplicated(f *os.File) (*os.File, error) {
	fd, err := syscall.Dup(int(f.Fd())) // nope: a copy
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
	return syscall.Close(int(f.Fd())) // want `^syscall.Close closes the descriptor, and its os.File closes the same number again later: by then it may belong to an unrelated file$`
}
