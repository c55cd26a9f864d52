// The directory was made for this run alone, and lives in a field.
package benign

import (
	"os"
	"path/filepath"
)

type workspace struct{ dir string }

func newWorkspace() (*workspace, error) {
	dir, err := os.MkdirTemp("", "workspace-")
	if err != nil {
		return nil, err
	}
	return &workspace{dir: dir}, nil
}

func (w *workspace) add(name string, data []byte) error {
	path := filepath.Join(w.dir, name)
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	return os.WriteFile(path, data, 0o644)
}

func (w *workspace) close() error { return os.RemoveAll(w.dir) }
