// Package closes closes its file in other ways, has it in a variable that is declared
// before, or uses the path below the commit.
package closes

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
)

const path = "/var/lib/app/state.json"

func load() ([]byte, error) { return os.ReadFile(path) }

func keepFirst(v any) error {
	f, err := os.Create(path) // want `truncates`
	if err != nil {
		return err
	}
	err = json.NewEncoder(f).Encode(v)
	err2 := f.Close()
	if err == nil {
		err = err2
	}
	return err
}

func byFunction(v any) (err error) {
	f, err := os.Create(path) // want `truncates`
	if err != nil {
		return err
	}
	defer closer(f)
	if err := json.NewEncoder(f).Encode(v); err != nil {
		return err
	}
	return f.Sync()
}

func closer(f *os.File) {
	if err := f.Close(); err != nil {
		log.Print(f.Name(), err)
	}
}

func sum(p string) (string, error) {
	data, err := os.ReadFile(p)
	return string(data), err
}

func thenSum(r io.Reader) (string, error) {
	var f *os.File
	var err error
	f, err = os.Create(path) // want `truncates`
	if err != nil {
		return "", fmt.Errorf("failed to create: %w", err)
	}
	defer func() { _ = f.Close() }()
	_, err = io.Copy(f, r)
	if err != nil {
		return "", fmt.Errorf("failed to write: %w", err)
	}
	hash, err := sum(path)
	if err != nil {
		return "", err
	}
	return hash, nil
}

func declaredBefore(r io.Reader) (err error) {
	var f io.WriteCloser
	if f, err = os.Create(path); err != nil { // want `truncates`
		return err
	}
	_, err = io.Copy(f, r)
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}
