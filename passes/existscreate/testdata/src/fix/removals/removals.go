// Package removals removes what it has created where the writing fails. Where another
// process was first, the file is that one's.
package removals

import (
	"errors"
	"os"
)

var errTaken = errors.New("it is taken")

func write(p string, data []byte) error {
	if _, err := os.Stat(p); err == nil {
		return errTaken
	}
	if err := os.WriteFile(p, data, 0o600); err != nil { // want `truncates`
		os.Remove(p)
		return err
	}
	return nil
}

func staged(p string, data []byte) error {
	if _, err := os.Stat(p); err == nil {
		return errTaken
	}
	f, err := os.Create(p) // want `truncates`
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		f.Close()
		os.Remove(f.Name())
		return err
	}
	if err := f.Close(); err != nil {
		os.Remove(p)
		return err
	}
	return nil
}

// Another path is removed, as before.
func moved(tmp, p string, data []byte) error {
	if err := os.WriteFile(tmp, data, 0o600); err != nil {
		return err
	}
	if _, err := os.Lstat(p); err == nil {
		return errTaken
	}
	if err := os.Rename(tmp, p); err != nil { // want `replaces`
		os.Remove(tmp)
		return err
	}
	return nil
}
