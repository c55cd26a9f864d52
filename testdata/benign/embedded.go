// Files that are compiled into the program do not change.
package benign

import (
	"embed"
	"errors"
	"io/fs"
)

var pages embed.FS

func builtinPage(name string) ([]byte, error) {
	if _, err := fs.Stat(pages, name); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return fs.ReadFile(pages, name)
}
