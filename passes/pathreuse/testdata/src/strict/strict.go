// Package strict has what depends on circumstances.
package strict

import (
	"os"
	"time"
)

func stillThere(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	_, err = os.Stat(path) // nope: no handle could tell whether the name is there
	return err == nil, nil
}

func times(path string, t time.Time) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return os.Chtimes(path, t, t) // want `os.Chtimes looks up the path again`
}

func asked(path string) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := f.Stat() // nope: harmless in strict mode, too
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

type config struct{ modified time.Time }

// What another process writes before os.Stat is never noticed.
func (c *config) save(path string, data []byte) error {
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return err
	}
	info, err := os.Stat(path) // want `^os.Stat looks up the path again after the os.WriteFile on line \d+: the metadata may include a later write by another process$`
	if err != nil {
		return err
	}
	c.modified = info.ModTime()
	return nil
}

func published(c *config, staged, path string) error {
	if err := os.Rename(staged, path); err != nil {
		return err
	}
	info, err := os.Stat(path) // want `^os.Stat looks up the path again after the os.Rename on line \d+: the metadata may include a later write by another process$`
	if err != nil {
		return err
	}
	c.modified = info.ModTime()
	return nil
}

func measured(path string, data []byte) (int64, error) {
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return 0, err
	}
	info, err := os.Stat(path) // nope: what is told is not kept
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func listed(dir string) (int, os.FileMode, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0, 0, err
	}
	info, err := os.Stat(dir) // want `looks up the path again and may find a different directory than the one that the os.ReadDir on line 80 listed`
	if err != nil {
		return 0, 0, err
	}
	return len(entries), info.Mode(), nil
}
