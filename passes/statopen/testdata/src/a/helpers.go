package a

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Helpers of this package: a bool, a bool and an error, an error, a value.

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func existsErr(path string) (bool, error) {
	_, err := os.Stat(path)
	if err == nil {
		return true, nil
	}
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return false, err
}

func present(path string) error {
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("missing: %w", err)
	}
	return nil
}

func find(dir string) string {
	path := filepath.Join(dir, "rules")
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return path
}

func byBool(path string) ([]byte, error) {
	if !exists(path) {
		return nil, nil
	}
	return os.ReadFile(path) // want `fails if another process removes the file after the exists \(os.Stat\) on line 45`
}

func byBoolAndError(path string) ([]byte, error) {
	ok, err := existsErr(path)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, nil
	}
	return os.ReadFile(path) // want `after the existsErr \(os.Stat\)`
}

func byError(path string) ([]byte, error) {
	if err := present(path); err != nil {
		return nil, nil
	}
	return os.ReadFile(path) // want `after the present \(os.Stat\)`
}

func byBoth(path string) ([]byte, error) {
	if !exists(path) {
		return nil, nil
	}
	return read(path) // want `^read \(os.ReadFile\) fails if another process removes the file after the exists \(os.Stat\)`
}

func read(path string) ([]byte, error) { return os.ReadFile(path) }

// A value: what find yields may be a constant, so it is not the path that was
// looked up on every way.
func byValue(dir string) ([]byte, error) {
	path := find(dir)
	if path == "" {
		return nil, nil
	}
	return os.ReadFile(path)
}

// Fields, through the receiver.

type loader struct {
	path  string
	count int
}

func (l *loader) exists() bool { return exists(l.path) }

func (l *loader) load() ([]byte, error) {
	if !l.exists() {
		return nil, nil
	}
	l.count++
	return os.ReadFile(l.path) // want `after the exists \(os.Stat\)`
}

func (l loader) loadValue() ([]byte, error) {
	if _, err := os.Stat(l.path); err != nil {
		return nil, nil
	}
	return os.ReadFile(l.path) // want `fails if another process removes the file`
}

type nested2 struct{ loader }

func (n *nested2) load() ([]byte, error) {
	if _, err := os.Stat(n.path); err != nil {
		return nil, nil
	}
	return os.ReadFile(n.loader.path) // want `fails if another process removes the file`
}

func (l *loader) move(to string) { l.path = to }

func (l *loader) moved(to string) ([]byte, error) {
	if !l.exists() {
		return nil, nil
	}
	l.move(to)
	return os.ReadFile(l.path) // nope: the field was assigned by move
}

// A package-level variable.

var rulesPath = "/etc/rules"

func rules() ([]byte, error) {
	if !exists(rulesPath) {
		return nil, nil
	}
	return os.ReadFile(rulesPath) // want `fails if another process removes the file`
}

// Captured variables.

func captured(path string) func() ([]byte, error) {
	return func() ([]byte, error) {
		if _, err := os.Stat(path); err != nil {
			return nil, nil
		}
		return os.ReadFile(path) // want `fails if another process removes the file`
	}
}

func capturedAndAssigned(path string) func() ([]byte, error) {
	next := func() { path += "+" }
	return func() ([]byte, error) {
		if _, err := os.Stat(path); err != nil {
			return nil, nil
		}
		next()
		return os.ReadFile(path) // nope: next assigns the path
	}
}
