// One number has two owners: a file closes it when it is closed or collected, and
// somebody else closes it, too. The second of the two closes what another part of
// the program has opened meanwhile.

//go:build unix

package races

import (
	"os"
	"strconv"
	"syscall"
)

func listNumber(dir string) ([]string, error) {
	n, err := syscall.Open(dir, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	defer syscall.Close(n)
	f := os.NewFile(uintptr(n), dir) // want `fdlife: os.NewFile makes a file that closes the descriptor, and so does the syscall.Close on line 20: the second close may close an unrelated file`
	return f.Readdirnames(-1)
}

func closeNumber(n int) {
	if n >= 0 {
		syscall.Close(n)
	}
}

func ready(text string) error {
	n, err := strconv.Atoi(os.Getenv("READY_FD"))
	if err != nil {
		return nil
	}
	f := os.NewFile(uintptr(n), "ready") // want `fdlife: os.NewFile makes a file that closes the descriptor, and so does the numberowners_unix.closeNumber on line 38`
	_, err = f.WriteString(text)
	closeNumber(n)
	return err
}

// inherited comes in descriptor 3, which the parent has put into ExtraFiles.
func inherited() *os.File { return os.NewFile(3, "settings") }

func twiceInherited() (string, error) {
	buf := make([]byte, 64)
	k, err := inherited().Read(buf)
	if err != nil {
		return "", err
	}
	_, err = inherited().Read(buf[k:]) // want `fdlife: numberowners_unix.inherited makes a file that closes the descriptor, and so does the numberowners_unix.inherited on line 47`
	return string(buf), err
}

func pipe() (*os.File, error) {
	var fds [2]int
	if err := syscall.Pipe(fds[:]); err != nil {
		return nil, err
	}
	r := os.NewFile(uintptr(fds[0]), "reader") // want `fdlife: os.NewFile makes a file that closes the descriptor`
	go func() {
		syscall.Write(fds[1], []byte("x"))
	}()
	syscall.Close(fds[1])
	syscall.Close(fds[0])
	return r, nil
}

func closedTwice(path string) error {
	n, err := syscall.Open(path, syscall.O_RDONLY, 0)
	if err != nil {
		return err
	}
	defer syscall.Close(n) // want `fdlife: syscall.Close closes a descriptor that the syscall.Close on line 79 closes too: by then its number may belong to an unrelated file`
	buf := make([]byte, 16)
	if _, err := syscall.Read(n, buf); err != nil {
		return err
	}
	return syscall.Close(n)
}

type poller struct{ fd int }

func (p *poller) file() *os.File {
	return os.NewFile(uintptr(p.fd), "poller") // want `fdlife: os.NewFile makes a file that closes the descriptor, and so does the syscall.Close on line 88`
}

func (p *poller) stop() error { return syscall.Close(p.fd) }
