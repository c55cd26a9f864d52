// Package joined has a path that was resolved within a directory: right when it
// was, and only as good as the tree stays.
package joined

import (
	"os"

	securejoin "github.com/cyphar/filepath-securejoin"
)

func write(root, name string, data []byte) error {
	path, err := securejoin.SecureJoin(root, name)
	if err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o600) // want `os.WriteFile follows a symbolic link out of the directory if one replaces .*a directory above .* after the .*SecureJoin on line 12: .*os.Root`
}

func read(root, name string) (*os.File, error) {
	path, err := securejoin.SecureJoin(root, name)
	if err != nil {
		return nil, err
	}
	return os.Open(path) // want `os.Open follows a symbolic link out of the directory if one replaces .*a directory above .* after the .*SecureJoin on line 20: use os.OpenInRoot`
}

func atOnce(root, name string) (*os.File, error) {
	return os.OpenInRoot(root, name) // nope: the kernel holds the directory
}
