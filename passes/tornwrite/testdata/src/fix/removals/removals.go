// Package removals removes its file where the writing has failed. A fix keeps the old
// file, and takes the removal out.
package removals

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

const settings = "/var/lib/app/settings.json"

func load() ([]byte, error) { return os.ReadFile(settings) }

func save(v any) error {
	f, err := os.Create(settings) // want `truncates`
	if err != nil {
		return err
	}
	if err := json.NewEncoder(f).Encode(v); err != nil {
		f.Close()
		os.Remove(settings)
		return err
	}
	return f.Close()
}

func saveNamed(v any) error {
	f, err := os.Create(settings) // want `truncates`
	if err != nil {
		return err
	}
	defer f.Close()
	if err := json.NewEncoder(f).Encode(v); err != nil {
		_ = os.Remove(f.Name())
		return fmt.Errorf("encoding: %w", err)
	}
	return nil
}

func saveDeferred(v any) (err error) {
	f, err := os.Create(settings) // want `truncates`
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(settings)
		}
	}()
	defer f.Close()
	return json.NewEncoder(f).Encode(v)
}

func write(data []byte) error {
	if err := os.WriteFile(settings, data, 0o600); err != nil { // want `truncates`
		os.Remove(settings)
		return err
	}
	return nil
}

// A removal for another reason stays: what is written is wrong.
func writeTested(data []byte, valid func() error) error {
	if err := os.WriteFile(settings, data, 0o600); err != nil { // want `truncates`
		return err
	}
	if err := valid(); err != nil {
		os.Remove(settings)
		return err
	}
	return nil
}

type store struct{ dir string }

func (s *store) file() string { return filepath.Join(s.dir, "state.json") }

func (s *store) load() ([]byte, error) { return os.ReadFile(s.file()) }
