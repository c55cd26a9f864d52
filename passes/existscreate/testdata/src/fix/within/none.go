package within

import (
	"errors"
	"os"
)

// Others call what creates, and mean to overwrite.
func once(path string) error {
	if _, err := os.Stat(path); err == nil {
		return errors.New("it is there")
	}
	return overwrite(path) // want `truncates`
}

func always(path string) error { return overwrite(path) }

func overwrite(path string) error { return os.WriteFile(path, nil, 0o600) }

// It writes another file first, which would not fit to one that is there.
func pair(path string) error {
	if _, err := os.Stat(path); err == nil {
		return errors.New("it is there")
	}
	return writePair(path) // want `truncates`
}

func writePair(path string) error {
	if err := os.WriteFile(path+".key", nil, 0o600); err != nil {
		return err
	}
	return os.WriteFile(path, nil, 0o600)
}

// A name may mean another thing there.
func named(path, name string) (string, error) {
	if _, err := os.Stat(path); err == nil {
		return name, nil
	}
	return writeNamed(path, "x", name) // want `truncates`
}

func writeNamed(path, name, text string) (string, error) {
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return "", err
	}
	return name, nil
}

// A test calls it.
func tested(path string) error {
	if _, err := os.Stat(path); err == nil {
		return errors.New("it is there")
	}
	return writeTested(path) // want `truncates`
}

func writeTested(path string) error { return os.WriteFile(path, nil, 0o600) }

// It is a method that an interface has.
type writer interface{ writeMethod(path string) error }

type plain struct{}

var _ writer = plain{}

func (p plain) method(path string) error {
	if _, err := os.Stat(path); err == nil {
		return errors.New("it is there")
	}
	return p.writeMethod(path) // want `truncates`
}

func (plain) writeMethod(path string) error { return os.WriteFile(path, nil, 0o600) }

// The program itself may have made it by then.
func hooked(path string, before func(string)) error {
	if _, err := os.Stat(path); err == nil {
		return errors.New("it is there")
	}
	return writeHooked(path, before) // want `truncates`
}

func writeHooked(path string, before func(string)) error {
	before(path)
	return os.WriteFile(path, nil, 0o600)
}
