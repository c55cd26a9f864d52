// The file outlives every use of its descriptor: it is closed later, kept
// alive, or asked through SyscallConn.

//go:build unix

package benign

import (
	"os"
	"runtime"
	"syscall"
)

func syncedThenClosed(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	err = syscall.Fsync(int(f.Fd()))
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
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

func throughConn(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	conn, err := f.SyscallConn()
	if err != nil {
		return err
	}
	cerr := conn.Control(func(fd uintptr) { err = syscall.Fsync(int(fd)) })
	if err == nil {
		err = cerr
	}
	return err
}
