// Package flocked holds a lock of a package over the reading and the writing.
package flocked

import (
	"os"

	"github.com/gofrs/flock"
)

func locked(path, line string) error {
	lock := flock.New(path + ".lock")
	if err := lock.Lock(); err != nil {
		return err
	}
	defer lock.Unlock()
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return replace(path, append(old, line...)) // nope: a file lock is held
}

func unlocked(path, line string) error {
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return replace(path, append(old, line...)) // want `^replace .os.Rename. loses any update that another process writes after the os.ReadFile on line 24`
}

func replace(path string, data []byte) error {
	aside := path + ".new"
	if err := os.WriteFile(aside, data, 0o600); err != nil {
		return err
	}
	return os.Rename(aside, path)
}
