// The number is kept for calls that want it, and the file alone is closed. One that closes
// both is in races/numberinbothfields.go.
package benign

import (
	"os"
	"syscall"
)

type printer struct {
	fd   int
	file *os.File
}

func openPrinter(path string) (*printer, error) {
	fd, err := syscall.Open(path, syscall.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	return &printer{fd: fd, file: os.NewFile(uintptr(fd), path)}, nil
}

func (p *printer) off() error { return p.file.Close() }
