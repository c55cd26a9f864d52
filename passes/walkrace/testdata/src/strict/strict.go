// Package strict has entries that may be others by the time of their use.
package strict

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
)

func protect(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return os.Chmod(path, 0o640) // want `os.Chmod changes a different file if a symbolic link replaces the entry that the filepath.WalkDir on line 12 found`
	})
}

func handOver(dir string, uid, gid int) error {
	return filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		return os.Chown(path, uid, gid) // want `os.Chown changes a different file if a symbolic link replaces the entry that the filepath.Walk on line 21`
	})
}

// A link is not followed, but the directories above are.
func handOverLinks(dir string, uid, gid int) error {
	return filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, uid, gid) // want `^os.Lchown changes a file elsewhere if a symbolic link replaces a directory that the filepath.Walk on line 31 has passed`
	})
}

// What is read is written back.
func rewrite(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path) // want `os.ReadFile may read a different file than the entry that the filepath.WalkDir on line 41 found, and the program writes the content back`
		if err != nil {
			return err
		}
		return os.WriteFile(path, bytes.ToUpper(data), 0o600) // tornwrite reports it by default
	})
}

// A helper does it.
func clean(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return discard(path, d) // want `discard \(os.Remove\) removes a file elsewhere if a symbolic link replaces a directory that the filepath.WalkDir on line 55 has passed`
	})
}

func discard(path string, d fs.DirEntry) error {
	if filepath.Ext(d.Name()) != ".bak" {
		return nil
	}
	return os.Remove(path)
}

// The callback has a name.
type sweeper struct{ removed int }

func (s *sweeper) sweep(dir string) error { return filepath.Walk(dir, s.visit) }

func (s *sweeper) visit(path string, info os.FileInfo, err error) error {
	if err != nil || info.IsDir() {
		return err
	}
	s.removed++
	return os.Remove(path) // want `os.Remove removes a file elsewhere if a symbolic link replaces a directory that the filepath.Walk on line 73`
}

// Below the entry.
func mark(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		return os.WriteFile(filepath.Join(path, ".seen"), nil, 0o600) // want `os.WriteFile changes a different file`
	})
}

// Over a file system, whose names are joined to its directory.
func overFS(dir string) error {
	return fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return os.Chmod(filepath.Join(dir, path), 0o600) // want `os.Chmod changes a different file if a symbolic link replaces the entry that the fs.WalkDir on line 95`
	})
}

// A listing.
func list(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := os.Chmod(filepath.Join(dir, e.Name()), 0o600); err != nil { // want `os.Chmod changes a different file if a symbolic link replaces the entry that the os.ReadDir on line 105`
			return err
		}
	}
	return nil
}

// Names alone.
func names(dir string) error {
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
		if err := os.Chown(dir+"/"+name, 0, 0); err != nil { // want `os.Chown changes a different file`
			return err
		}
	}
	return nil
}

// The type of the entry decides, and the size.
func readRegular(dir string, use func([]byte)) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path) // want `os.ReadFile may open a different file than the entry that the filepath.WalkDir on line 138 found`
		use(data)
		return err
	})
}

func readSmall(dir string, use func([]byte)) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || info.Size() > 1<<20 {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, e.Name())) // want `os.ReadFile may open a different file than the entry that the os.ReadDir on line 149 found`
		if err != nil {
			return err
		}
		use(data)
	}
	return nil
}
