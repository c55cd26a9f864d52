package races

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
)

// The interface has two implementations, and one keeps its files in memory: what
// becomes of a file is for the other one to say. It truncates what appears after the
// check.
type records interface {
	has(key string) bool
	put(key string, data []byte) error
}

type recordsOnDisk struct{}

func (recordsOnDisk) has(key string) bool {
	_, err := os.Stat(key)
	return err == nil
}

func (recordsOnDisk) put(key string, data []byte) error { return os.WriteFile(key, data, 0o600) }

type recordsInMemory map[string][]byte

func (m recordsInMemory) has(key string) bool { return m[key] != nil }

func (m recordsInMemory) put(key string, data []byte) error {
	m[key] = data
	return nil
}

func addRecord(r records, key string, data []byte) error {
	if r.has(key) {
		return errors.New("exists")
	}
	return r.put(key, data) // want `existscreate: put .os.WriteFile. truncates a file that another process creates`
}

// The interface looks like a file system, and what implements it truncates.
type flatFiles interface {
	Stat(name string) (fs.FileInfo, error)
	ReadFile(name string) ([]byte, error)
	WriteFile(name string, data []byte, perm fs.FileMode) error
}

type flatDisk struct{}

func (flatDisk) Stat(name string) (fs.FileInfo, error) { return os.Stat(name) }
func (flatDisk) ReadFile(name string) ([]byte, error)  { return os.ReadFile(name) }

func (flatDisk) WriteFile(name string, data []byte, perm fs.FileMode) error {
	return os.WriteFile(name, data, perm)
}

func saveFlat(s flatFiles, seen []string) error {
	data, err := json.Marshal(seen)
	if err != nil {
		return err
	}
	return s.WriteFile("/var/lib/app/state.json", data, 0o600) // want `tornwrite:`
}

func loadFlat(s flatFiles) (seen []string, err error) {
	data, err := s.ReadFile("/var/lib/app/state.json")
	if err != nil {
		return nil, err
	}
	return seen, json.Unmarshal(data, &seen)
}
