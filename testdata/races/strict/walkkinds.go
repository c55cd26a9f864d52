// Trees and directories, by the functions that walk or list them.
package races

import (
	"io/fs"
	"os"
	"path/filepath"
)

func widenListed(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := os.Chmod(filepath.Join(dir, e.Name()), 0o644); err != nil { // want `walkrace: os.Chmod changes a different file if a symbolic link replaces the entry that the os.ReadDir on line 11 found`
			return err
		}
	}
	return nil
}

func ownNames(dir string, uid int) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	names, err := f.Readdirnames(-1)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := os.Chown(dir+"/"+name, uid, -1); err != nil { // want `walkrace: os.Chown changes a different file if a symbolic link replaces the entry that the .*Readdirnames on line 29 found`
			return err
		}
	}
	return nil
}

func ownMatches(dir string, uid int) error {
	matches, err := filepath.Glob(filepath.Join(dir, "*.sock"))
	if err != nil {
		return err
	}
	for _, path := range matches {
		if err := os.Chown(path, uid, -1); err != nil { // want `walkrace: os.Chown changes a different file if a symbolic link replaces the entry that the filepath.Glob on line 42 found`
			return err
		}
	}
	return nil
}

// The sink is in a helper.
func widen(path string) error { return os.Chmod(path, 0o755) }

func widenTree(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return widen(path) // want `walkrace: widen .os.Chmod. changes a different file if a symbolic link replaces the entry that the filepath.WalkDir on line 58 found`
	})
}

func widenFS(dir string) error {
	return fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return os.Chmod(filepath.Join(dir, name), 0o644) // want `walkrace: os.Chmod changes a different file if a symbolic link replaces the entry that the fs.WalkDir on line 67 found`
	})
}
