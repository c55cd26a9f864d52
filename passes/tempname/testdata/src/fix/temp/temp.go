package temp

import (
	"io"
	"os"
	"path/filepath"
)

// save has a temporary in the shared directory, which may be another file system.
func save(path string, r io.Reader) error {
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
	return os.Rename(f.Name(), path) // want `another file system`
}

// saveRemoved removes it by itself, on every way out.
func saveRemoved(path string, r io.Reader) error {
	f, err := os.CreateTemp(os.TempDir(), "config-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }()
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
	return os.Rename(f.Name(), path) // want `another file system`
}

// shared has a name that every user can foresee.
func shared(data []byte, path string) error {
	tmp := filepath.Join(os.TempDir(), "app.tmp")
	if err := os.WriteFile(tmp, data, 0o600); err != nil { // want `shared temporary directory`
		return err
	}
	if err := check(path); err != nil {
		return err
	}
	return os.Remove(tmp)
}

func check(path string) error {
	_, err := os.Stat(path)
	return err
}
