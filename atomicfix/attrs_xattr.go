//go:build linux || darwin

package atomicfix

import (
	"strings"

	"golang.org/x/sys/unix"
)

// openForAttrs opens a file to read its attributes, and waits for nothing.
func openForAttrs(d *dir, base string, call func(*file) error) error {
	f, err := openat(d.fd(), base, base, unix.O_RDONLY|unix.O_NOFOLLOW|openNonblock, 0)
	if err != nil {
		return err
	}
	defer kernel{}.close(f)
	return call(f)
}

func (kernel) flistAttrs(f *file) ([]string, error) {
	list, err := sized(func(buf []byte) (int, error) { return unix.Flistxattr(f.fd(), buf) })
	return attrNames(list), err
}

func (kernel) fgetAttr(f *file, attr string) ([]byte, error) {
	return sized(func(buf []byte) (int, error) { return unix.Fgetxattr(f.fd(), attr, buf) })
}

func (kernel) fsetAttr(f *file, attr string, value []byte) error {
	return again(func() error { return unix.Fsetxattr(f.fd(), attr, value, 0) })
}

func (kernel) fremoveAttr(f *file, attr string) error {
	return again(func() error { return unix.Fremovexattr(f.fd(), attr) })
}

// sized first gets the size, which is 0 for most files, and calls again
// with room for that until nothing has grown in between.
func sized(call func([]byte) (int, error)) ([]byte, error) {
	var buf []byte
	for {
		var n int
		err := again(func() (err error) {
			n, err = call(buf)
			return err
		})
		switch {
		case err == unix.ERANGE:
			buf = nil // and get the size again
		case err != nil:
			return nil, err
		case n <= len(buf):
			return buf[:n], nil
		default:
			buf = make([]byte, n)
		}
	}
}

// attrNames splits a list in which each name ends in a zero byte.
func attrNames(list []byte) []string {
	if len(list) == 0 {
		return nil
	}
	return strings.FieldsFunc(string(list), func(r rune) bool { return r == 0 })
}
