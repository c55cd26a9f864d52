package benign

import (
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// A program writes through an interface that looks like a file system, and what
// implements it replaces the file as a whole: nobody can read half of it.
type wholeFiles interface {
	Stat(name string) (fs.FileInfo, error)
	ReadFile(name string) ([]byte, error)
	WriteFile(name string, data []byte, perm fs.FileMode) error
}

type wholeDisk struct{}

func (wholeDisk) Stat(name string) (fs.FileInfo, error) { return os.Stat(name) }
func (wholeDisk) ReadFile(name string) ([]byte, error)  { return os.ReadFile(name) }

func (wholeDisk) WriteFile(name string, data []byte, perm fs.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err := f.Write(data); err != nil {
		f.Close()
		return err
	}
	if err := f.Chmod(perm); err != nil {
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
	return os.Rename(f.Name(), name)
}

func saveWhole(s wholeFiles, seen []string) error {
	data, err := json.Marshal(seen)
	if err != nil {
		return err
	}
	return s.WriteFile("/var/lib/app/state.json", data, 0o600)
}

func loadWhole(s wholeFiles) (seen []string, err error) {
	data, err := s.ReadFile("/var/lib/app/state.json")
	if err != nil {
		return nil, err
	}
	return seen, json.Unmarshal(data, &seen)
}

// What is behind an io.Writer is not known, although one type of the package that has
// the method creates a file, and the other one does not.
type firstWrite struct{ path string }

func (f firstWrite) Write(data []byte) (int, error) {
	return len(data), os.WriteFile(f.path, data, 0o600)
}

type countingWriter struct{ n int }

func (c *countingWriter) Write(data []byte) (int, error) {
	c.n += len(data)
	return len(data), nil
}

func writeState(w io.Writer, state []string) error {
	data, err := json.Marshal(state)
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}
