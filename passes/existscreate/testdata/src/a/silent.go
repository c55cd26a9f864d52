package a

import (
	"errors"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"time"
)

func reassigned(path string) error {
	if exists(path) {
		return nil
	}
	path = path + ".new"
	return os.WriteFile(path, nil, 0o644) // nope: path was reassigned
}

func shadowed(path string, names []string) error {
	if exists(path) {
		return nil
	}
	for _, path := range names {
		if err := os.WriteFile(path, nil, 0o644); err != nil { // nope: another path of the same name
			return err
		}
	}
	return nil
}

func exclusive(path string) (*os.File, error) {
	if exists(path) {
		return nil, os.ErrExist
	}
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // nope: O_EXCL decides
}

func idempotent(dir string) error {
	if !exists(dir) {
		return os.MkdirAll(dir, 0o755) // nope: content with a directory
	}
	return nil
}

func claimed(dir string) error {
	if exists(dir) {
		return nil
	}
	err := os.Mkdir(dir, 0o755) // nope: a directory created in between is not an error
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

func stale(path string) error {
	if info, err := os.Stat(path); err == nil {
		if time.Since(info.ModTime()) < time.Hour {
			return nil
		}
	}
	return os.WriteFile(path, nil, 0o644) // nope: written over an old one, too
}

func noted(path string) error {
	if exists(path) {
		log.Print("overwriting")
	}
	return os.WriteFile(path, nil, 0o644) // nope: written either way
}

func onlyIfThere(path string) error {
	if !exists(path) {
		return nil
	}
	return os.WriteFile(path, nil, 0o644) // nope: not an absence check
}

func own() error {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		return err
	}
	path := filepath.Join(dir, "out")
	if exists(path) {
		return nil
	}
	return os.WriteFile(path, nil, 0o644) // nope: in a directory of our own
}

func suppressed(path string) error {
	if exists(path) {
		return nil
	}
	return os.WriteFile(path, nil, 0o644) //toctou:ignore only one process is ever started
}

func suppressedForAnother(path string) error {
	if exists(path) {
		return nil
	}
	//toctou:ignore tornwrite it is made again when it is damaged
	return os.WriteFile(path, nil, 0o644) // want `truncates a file that another process creates`
}
