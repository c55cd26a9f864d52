// Package a has the forms that a check and its use come in.
package a

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"os"
	"path/filepath"
)

func statement(path string) ([]byte, error) {
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return os.ReadFile(path) // want `^os.ReadFile fails if another process removes the file after the os.Stat on line 15, which handles its absence$`
}

func initialiser(path string) ([]byte, error) {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return nil, nil
	}
	return os.ReadFile(path) // want `fails if another process removes the file after the os.Stat on line 23`
}

func inside(path string) (text string, err error) {
	if _, err := os.Stat(path); err == nil {
		data, err := os.ReadFile(path) // want `fails if another process removes the file`
		if err != nil {
			return "", err
		}
		text = string(data)
	}
	return text, nil
}

func otherwise(path string) (io.ReadCloser, error) {
	if _, err := os.Lstat(path); err != nil {
		return io.NopCloser(nil), nil
	} else {
		return os.Open(path) // want `os.Open fails if another process removes the file after the os.Lstat`
	}
}

func switched(path string) ([]byte, error) {
	switch _, err := os.Stat(path); {
	case err == nil:
		return os.ReadFile(path) // want `fails if another process removes the file`
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	default:
		return nil, err
	}
}

func compared(path string) ([]byte, error) {
	info, _ := os.Stat(path)
	if info == nil {
		return nil, nil
	}
	return os.ReadFile(path) // want `fails if another process removes the file`
}

func negated(path string) ([]byte, error) {
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		return os.ReadFile(path) // want `fails if another process removes the file`
	}
	return nil, nil
}

func flagged(path string, verbose bool) ([]byte, error) {
	exists := false
	if _, err := os.Stat(path); err == nil {
		exists = true
	}
	if verbose {
		log.Print(path, exists)
	}
	if !exists {
		return nil, nil
	}
	return os.ReadFile(path) // want `fails if another process removes the file`
}

func joined(dir string) ([]byte, error) {
	if _, err := os.Stat(filepath.Join(dir, "rules")); err != nil {
		return nil, nil
	}
	return os.ReadFile(filepath.Join(dir, "rules")) // want `fails if another process removes the file`
}

func nested(root, dir string) ([]byte, error) {
	base := filepath.Join(root, dir)
	if _, err := os.Stat(filepath.Join(base, "rules")); err != nil {
		return nil, nil
	}
	return os.ReadFile(filepath.Join(root, dir, "rules")) // want `fails if another process removes the file`
}

func opened(path string) error {
	if _, err := os.Stat(path); err != nil {
		return nil
	}
	f, err := os.OpenFile(path, os.O_RDONLY, 0) // want `os.OpenFile fails if another process removes the file`
	if err != nil {
		return fmt.Errorf("opening: %w", err)
	}
	return f.Close()
}

func size(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > 1<<20 {
		return nil, errors.New("too large")
	}
	return os.ReadFile(path) // want `^os.ReadFile may open a different file than the one whose size was checked by the os.Stat on line 115$`
}

func deferred(path string) (err error) {
	if _, err := os.Stat(path); err != nil {
		return nil
	}
	f, err := os.Open(path) // want `fails if another process removes the file`
	if err != nil {
		return err
	}
	defer func() {
		if cerr := f.Close(); cerr != nil {
			log.Print(cerr)
		}
	}()
	_, err = io.Copy(io.Discard, f)
	return err
}

func rounds(paths []string) error {
	for _, path := range paths {
		if _, err := os.Stat(path); err != nil {
			continue
		}
		if _, err := os.ReadFile(path); err != nil { // want `fails if another process removes the file`
			return err
		}
	}
	return nil
}

func fatalIfErr(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func exits(path string) {
	if _, err := os.Stat(path); err != nil {
		return
	}
	_, err := os.ReadFile(path) // want `fails if another process removes the file`
	fatalIfErr(err)
}
