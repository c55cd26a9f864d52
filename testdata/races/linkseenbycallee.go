// A link is refused, and the callee looks as well, but through links. One that looks at the
// link itself is in benign/linkseenbycallee.go.
package races

import (
	"errors"
	"io/fs"
	"os"
)

func small(path string) ([]byte, error) {
	fi, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if fi.IsDir() {
		return nil, errors.New("a directory")
	}
	return os.ReadFile(path)
}

func manifest(path string) ([]byte, error) {
	fi, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if fi.Mode()&fs.ModeSymlink != 0 {
		return nil, errors.New("a link")
	}
	return small(path) // want `statopen: small \(os.ReadFile\) may open a different file than the one whose type`
}
