// Each directory on the way is looked at, and a link refused. A directory that is
// replaced by a link after it has been passed is followed all the same.
package races

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func noLinks(root, name string) error {
	at := root
	for _, part := range strings.Split(filepath.ToSlash(name), "/") {
		at = filepath.Join(at, part)
		info, err := os.Lstat(at)
		if os.IsNotExist(err) {
			return nil
		}
		if err != nil {
			return err
		}
		if info.Mode()&os.ModeSymlink != 0 {
			return fmt.Errorf("%s is a link", at)
		}
	}
	return nil
}

func discardWithin(root, name string) error {
	if err := noLinks(root, name); err != nil {
		return err
	}
	return os.RemoveAll(filepath.Join(root, name)) // want `resolveopen: os.RemoveAll follows a symbolic link out of the directory if one replaces a directory above the last element after the noLinks \(os.Lstat\)`
}

func loadWithin(root, name string) ([]byte, error) {
	if err := noLinks(root, name); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(root, name)) // want `resolveopen: os.ReadFile follows a symbolic link .*: use os.OpenInRoot`
}
