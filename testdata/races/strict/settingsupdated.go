// Loaded by one method and saved by another: whoever saves last wins.
package races

import (
	"encoding/json"
	"os"
	"path/filepath"
)

type registry struct {
	path  string
	names map[string]string
}

func (r *registry) load() error {
	data, err := os.ReadFile(r.path)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, &r.names)
}

func (r *registry) save() error {
	data, err := json.Marshal(r.names)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(r.path), ".names-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err := f.Write(data); err != nil {
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
	return os.Rename(f.Name(), r.path)
}

func (r *registry) set(name, value string) error {
	if err := r.load(); err != nil {
		return err
	}
	r.names[name] = value
	return r.save() // want `lostupdate: save .os.Rename. loses any update that another process writes after the load .os.ReadFile. on line 48`
}
