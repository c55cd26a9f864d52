package launch

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// maxCopy bounds how much a module may have to be copied.
const maxCopy = 1 << 30

// CopyTree copies a directory for tests to work in: files, directories and links, with
// their modes and times. What belongs to version control is left out, and so is what
// is neither.
func CopyTree(from, to string) error {
	from, err := filepath.EvalSymlinks(from) // a link to a directory is not walked
	if err != nil {
		return err
	}
	var size int64
	type dir struct {
		name string
		info fs.FileInfo
	}
	var dirs []dir // their modes and times are set in the end
	err = filepath.WalkDir(from, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil // it has been removed since its directory was read
		}
		if err != nil {
			return err
		}
		switch mode := entry.Type(); {
		case entry.IsDir() && (entry.Name() == ".git" || entry.Name() == ".hg"):
			return filepath.SkipDir
		case entry.IsDir():
			dirs = append(dirs, dir{target, info})
			return os.MkdirAll(target, 0o700)
		case mode&fs.ModeSymlink != 0:
			text, err := os.Readlink(name)
			if err != nil {
				return err
			}
			return os.Symlink(text, target)
		case mode.IsRegular():
			if entry.Name() == ".git" {
				return nil
			}
			if size += info.Size(); size > maxCopy {
				return fmt.Errorf("%s has more than %d MB", from, maxCopy>>20)
			}
			return copyFile(name, target, info) //toctou:ignore walkrace the tree is the user's own, and so is the copy
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i := len(dirs) - 1; i >= 0; i-- {
		d := dirs[i]
		if err := errors.Join(os.Chmod(d.name, d.info.Mode().Perm()|0o700), os.Chtimes(d.name, d.info.ModTime(), d.info.ModTime())); err != nil {
			return err
		}
	}
	return nil
}

func copyFile(from, to string, info fs.FileInfo) error {
	in, err := os.Open(from)
	if errors.Is(err, fs.ErrPermission) {
		return nil // the user cannot read it either
	}
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	if err := errors.Join(out.Chmod(info.Mode().Perm()), out.Close()); err != nil {
		return err
	}
	return os.Chtimes(to, info.ModTime(), info.ModTime())
}

// A Stamp is what a copy looked like.
type Stamp map[string]string

// StampOf looks at all files of a copy.
func StampOf(dir string) (Stamp, error) {
	s := make(Stamp)
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil // it has been removed since its directory was read
		}
		if err != nil {
			return err
		}
		times := ""
		if !entry.IsDir() {
			times = fmt.Sprint(info.Size(), info.ModTime().UnixNano())
		}
		s[name] = fmt.Sprint(info.Mode(), times)
		return nil
	})
	return s, err
}

// Equal reports whether nothing has changed.
func (s Stamp) Equal(t Stamp) bool {
	if len(s) != len(t) {
		return false
	}
	for name, a := range s {
		if t[name] != a {
			return false
		}
	}
	return true
}
