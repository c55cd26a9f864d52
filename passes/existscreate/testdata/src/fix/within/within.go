// Package within creates in a function that only the one that checks calls.
package within

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

type store struct {
	path string
	keys []string
}

// What is done where the file is found is done in the function that creates.
func (s *store) key() ([]byte, error) {
	_, err := os.Stat(s.path)
	if os.IsNotExist(err) {
		fmt.Println("there is no key yet")
		return s.makeKey() // want `truncates`
	}
	fmt.Println("there is a key", err)
	return s.known(), nil
}

func (s *store) makeKey() ([]byte, error) {
	f, err := os.Create(s.path)
	if err != nil {
		return nil, fmt.Errorf("cannot save the key: %w", err)
	}
	defer f.Close()
	if _, err := f.WriteString("key"); err != nil {
		return nil, err
	}
	return []byte("key"), nil
}

func (s *store) known() []byte { return []byte(s.keys[0]) }

// It may be a parameter that the statements name, by the name that it has there.
func text(file string, fallback string) (string, error) {
	if _, err := os.Stat(file); err == nil {
		return strings.ToUpper(fallback), nil
	}
	return write(file, fallback) // want `truncates`
}

func write(file, fallback string) (string, error) {
	if err := os.MkdirAll(filepath.Dir(fallback), 0o700); err != nil {
		return "", err
	}
	if err := os.WriteFile(file, []byte(fallback), 0o600); err != nil {
		return "", err
	}
	return fallback, nil
}

// Where it is a failure that the file is there, it is one in either function.
func initialise(dir string) error {
	file := filepath.Join(dir, "settings")
	if _, err := os.Stat(file); err == nil {
		return errors.New("it is initialised already")
	}
	if err := writeSettings(file); err != nil { // want `truncates`
		return fmt.Errorf("cannot initialise: %w", err)
	}
	return nil
}

func writeSettings(file string) error { return os.WriteFile(file, []byte("{}"), 0o600) }
