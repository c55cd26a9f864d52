// A helper says whether there is a link, and the write follows one that is made
// after it has answered.
package races

import (
	"errors"
	"io/fs"
	"os"
)

func isSymlink(path string) (bool, error) {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return info.Mode()&fs.ModeSymlink != 0, nil
}

func publishNote(path string, data []byte) error {
	link, err := isSymlink(path)
	if err != nil {
		return err
	}
	if link {
		return errors.New("a link")
	}
	return os.WriteFile(path, data, 0o644) // want `resolveopen: os.WriteFile follows a symbolic link that replaces the file after the isSymlink \(os.Lstat\) on line 23, which rejects links: open it with O_NOFOLLOW`
}
