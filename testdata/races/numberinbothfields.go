// The number and the file that owns it are in two fields of one object, and both are closed.
// One that closes the file alone is in benign/numberinbothfields.go.
package races

import (
	"errors"
	"os"
	"syscall"
)

type modem struct {
	fd   int
	file *os.File
}

func openModem(path string) (*modem, error) {
	fd, err := syscall.Open(path, syscall.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	return &modem{fd: fd, file: os.NewFile(uintptr(fd), path)}, nil // want `fdlife: os.NewFile makes a file that closes the descriptor`
}

func (m *modem) hangUp() error {
	return errors.Join(m.file.Close(), syscall.Close(m.fd))
}
