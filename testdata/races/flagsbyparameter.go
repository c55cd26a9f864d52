package races

import (
	"errors"
	"os"
)

// The flags of the open are the caller's: at this call they truncate what has appeared
// since the check.
func openWith(name string, flags int, perm os.FileMode) (*os.File, error) {
	return os.OpenFile(name, flags, perm)
}

func newByFlags(name string) (*os.File, error) {
	if _, err := os.Stat(name); err == nil {
		return nil, errors.New("exists")
	}
	return openWith(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) // want `existscreate: openWith .os.OpenFile. truncates a file that another process creates`
}
