// Package a has the forms that a check and its use come in.
package a

import (
	"errors"
	"fmt"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"sync"
)

func statement(path string) error {
	_, err := os.Stat(path)
	if err == nil {
		return nil
	}
	return os.WriteFile(path, nil, 0o644) // want `^os.WriteFile truncates a file that another process creates after the os.Stat on line 15$`
}

func initialiser(path string) (*os.File, error) {
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		return nil, os.ErrExist
	}
	return os.Create(path) // want `^os.Create truncates a file that another process creates after the os.Stat on line 23$`
}

func inside(path string) error {
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		if err := os.WriteFile(path, nil, 0o644); err != nil { // want `truncates a file that another process creates after the os.Lstat`
			return err
		}
	}
	return nil
}

func otherwise(path string) error {
	if _, err := os.Stat(path); err == nil {
		log.Print("already there")
	} else {
		return os.WriteFile(path, nil, 0o644) // want `truncates a file that another process creates`
	}
	return nil
}

func switched(path string) error {
	_, err := os.Stat(path)
	switch {
	case err == nil:
		return fmt.Errorf("%s: %w", path, fs.ErrExist)
	case errors.Is(err, fs.ErrNotExist):
		return os.WriteFile(path, nil, 0o644) // want `truncates a file that another process creates`
	}
	return err
}

func cases(path string) error {
	switch _, err := os.Stat(path); err {
	case nil:
		return nil
	default:
		return os.WriteFile(path, nil, 0o644) // want `truncates a file that another process creates`
	}
}

func loaded(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		data = []byte("{}")
		if err := os.WriteFile(path, data, 0o600); err != nil { // want `^os.WriteFile truncates a file that another process creates after the os.ReadFile on line 68$`
			return nil, err
		}
	}
	return data, nil
}

func probed(path string) (*os.File, error) {
	if f, err := os.Open(path); err == nil {
		return f, nil
	}
	return os.Create(path) // want `truncates a file that another process creates after the os.Open`
}

func flags(path string) (*os.File, error) {
	if _, err := os.Stat(path); err == nil {
		return nil, os.ErrExist
	}
	mode := os.O_WRONLY | os.O_CREATE
	return os.OpenFile(path, mode|os.O_TRUNC, 0o600) // want `os.OpenFile truncates a file that another process creates`
}

func directory(path string) error {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return os.Mkdir(path, 0o755) // want `^os.Mkdir fails if another process creates the directory after the os.Stat on line 94$`
	}
	return nil
}

func joined(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, "key")); err == nil {
		return nil
	}
	file := filepath.Join(dir, "key")
	return os.WriteFile(file, nil, 0o600) // want `truncates a file that another process creates`
}

func concatenated(path string) error {
	if _, err := os.Stat(path + ".done"); err == nil {
		return nil
	}
	return os.WriteFile(path+".done", nil, 0o644) // want `truncates a file that another process creates`
}

func formatted(dir string, n int) error {
	if _, err := os.Stat(fmt.Sprintf("%s/%d", dir, n)); err == nil {
		return nil
	}
	return os.WriteFile(fmt.Sprintf("%s/%d", dir, n), nil, 0o644) // want `truncates a file that another process creates`
}

func later(path string, data []byte) error {
	var missing bool
	if _, err := os.Stat(path); err != nil {
		missing = true
	}
	log.Printf("%d bytes", len(data))
	if len(data) == 0 {
		return nil
	}
	if missing {
		return os.WriteFile(path, data, 0o644) // want `truncates a file that another process creates`
	}
	return nil
}

func rounds(dir string, names []string) error {
	for _, name := range names {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); err == nil {
			continue
		}
		if err := os.WriteFile(path, nil, 0o644); err != nil { // want `truncates a file that another process creates`
			return err
		}
	}
	return nil
}

func probe(base string) (*os.File, error) {
	path := base
	for i := 0; ; i++ {
		if _, err := os.Stat(path); err != nil {
			return os.Create(path) // want `truncates a file that another process creates`
		}
		path = fmt.Sprint(base, i)
	}
}

func unforced(path string, force bool) error {
	if !force {
		if _, err := os.Stat(path); err == nil {
			return os.ErrExist
		}
	}
	return os.WriteFile(path, nil, 0o644) // want `truncates a file that another process creates`
}

var dieOnce sync.Once

func die(msg string) {
	dieOnce.Do(func() { log.Print(msg) })
	os.Exit(1)
}

func exits(path string) error {
	if _, err := os.Stat(path); err == nil {
		die(path + " exists")
	}
	return os.WriteFile(path, nil, 0o644) // want `truncates a file that another process creates`
}
