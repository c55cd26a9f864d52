// Package strict has what depends on circumstances.
package strict

import (
	"encoding/json"
	"os"
	"path/filepath"
)

// Nothing reads it here, but half a marshalled value is of no use to a reader elsewhere.
func account(dir string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "account"), data, 0o644) // want `truncates the file before it writes`
}

// The package reads it again, and leaves it to its callers what to do with the content.
func (n *notes) text() ([]byte, error) { return os.ReadFile(n.file) }

func (n *notes) set(text string) error {
	return os.WriteFile(n.file, []byte(text), 0o644) // want `truncates the file before it writes`
}

type notes struct{ file string }

// A marker is empty: nothing can be torn.
func marker() error {
	home, err := os.UserHomeDir()
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(home, ".greeted"), nil, 0o644)
}

func page(path string, text []byte) error {
	return os.WriteFile(path, text, 0o644) // nope: nothing tells that it is read back
}
