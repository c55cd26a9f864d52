// The text of a path is compared with the directory, and all below the path is
// removed: a directory above it that is a link leads the removal elsewhere.
package races

import (
	"os"
	"path/filepath"
	"strings"
)

func (a *area) full(name string) (string, bool) {
	path := filepath.Join(a.root, name)
	return path, strings.HasPrefix(path, a.root+"/")
}

type area struct{ root string }

func (a *area) clear(name string) error {
	path, ok := a.full(name)
	if !ok {
		return os.ErrPermission
	}
	return os.RemoveAll(path) // want `resolveopen: os.RemoveAll follows symbolic links out of the directory, because the full \(strings.HasPrefix\) on line 19 checks only the text of the path: use a method of os.Root`
}
