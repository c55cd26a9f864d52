// Package strict has what depends on circumstances.
package strict

import "os"

func linked(target, path string) error {
	if _, err := os.Lstat(path); err == nil {
		return nil
	}
	return os.Symlink(target, path) // want `^os.Symlink fails if something appears after the os.Lstat on line 7$`
}

func published(staged, path string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	return os.Rename(staged, path) // want `os.Rename replaces a file that appears`
}

func kept(path string) (*os.File, error) {
	if _, err := os.Stat(path); err == nil {
		return nil, os.ErrExist
	}
	return os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) // want `^os.OpenFile writes into a file that appears after the os.Stat on line 21$`
}

func idempotent(dir string) error {
	if _, err := os.Stat(dir); err != nil {
		return os.MkdirAll(dir, 0o755) // nope: harmless in strict mode, too
	}
	return nil
}
