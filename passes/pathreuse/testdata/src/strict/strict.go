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
	return os.Chtimes(path, t, t) // want `os.Chtimes looks the path up again`
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
