package none

import (
	"io"
	"os"
	"path/filepath"
)

// later makes the directory of the target after the temporary.
func later(path string, r io.Reader) error {
	f, err := os.CreateTemp("", "config-*")
	if err != nil {
		return err
	}
	if _, err := io.Copy(f, r); err != nil {
		f.Close()
		return err
	}
	if err := f.Sync(); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.Rename(f.Name(), path) // want `another file system`
}

// known is returned: somebody looks for it.
func known(data []byte) (string, error) {
	name := filepath.Join(os.TempDir(), "app.state")
	if err := os.WriteFile(name, data, 0o600); err != nil { // want `shared temporary directory`
		return "", err
	}
	return name, nil
}
