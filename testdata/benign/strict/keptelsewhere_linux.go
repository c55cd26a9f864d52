// What one method has read is not what the other one writes: another field, or
// another file; or the file is written only where there was none, or is watched and
// not read.
package benign

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

func replaceSynced(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

type limits struct {
	home  string
	most  map[string]int
	lines []string
}

func (l *limits) load() error {
	data, err := os.ReadFile(filepath.Join(l.home, "limits.json"))
	if err != nil {
		return err
	}
	return json.Unmarshal(data, &l.most)
}

// Another field.
func (l *limits) keep() error {
	data, err := json.Marshal(l.lines)
	if err != nil {
		return err
	}
	return replaceSynced(filepath.Join(l.home, "limits.json"), data)
}

// Another file.
func (l *limits) export() error {
	data, err := json.Marshal(l.most)
	if err != nil {
		return err
	}
	return replaceSynced(filepath.Join(l.home, "export.json"), data)
}

type options struct{ Names []string }

func readOptions(path string) (*options, error) {
	o := new(options)
	data, err := os.ReadFile(path)
	if err != nil {
		return o, err
	}
	return o, json.Unmarshal(data, o)
}

func writeOptions(path string, o *options, anew bool) error {
	if _, err := os.Stat(path); !anew && !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	data, err := json.Marshal(o)
	if err != nil {
		return err
	}
	return replaceSynced(path, data)
}

// Only where there was none.
func firstOptions(path string) (*options, error) {
	o, err := readOptions(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return o, writeOptions(path, o, false)
}

// Watched.
func watchAndWrite(path string, o *options) error {
	n, err := syscall.InotifyInit()
	if err != nil {
		return err
	}
	if _, err := syscall.InotifyAddWatch(n, path, syscall.IN_MODIFY); err != nil {
		return errors.Join(err, syscall.Close(n))
	}
	data, err := json.Marshal(o)
	if err := errors.Join(err, syscall.Close(n)); err != nil {
		return err
	}
	return replaceSynced(path, data)
}
