// With the umask set there is no moment at which others can connect; the mode
// is only widened for the group afterwards.

//go:build unix

package benign

import (
	"net"
	"os"
	"syscall"
)

func listenPrivate(path string) (net.Listener, error) {
	old := syscall.Umask(0o177)
	l, err := net.Listen("unix", path)
	syscall.Umask(old)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o660); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}
