// A snapshot is made in a directory of its own, which gets its name when it is
// whole: nobody reads the files in it before.
package benign

import (
	"encoding/json"
	"os"
	"path/filepath"
)

type snapshot struct {
	dir  string
	Term int
}

func (s *snapshot) writeState() error {
	f, err := os.Create(filepath.Join(s.dir, "state.json"))
	if err != nil {
		return err
	}
	defer f.Close()
	if err := json.NewEncoder(f).Encode(s); err != nil {
		return err
	}
	return f.Sync()
}

func (s *snapshot) publish(name string) error {
	return os.Rename(s.dir, name)
}

func restore(dir string) (*snapshot, error) {
	data, err := os.ReadFile(filepath.Join(dir, "state.json"))
	if err != nil {
		return nil, err
	}
	s := &snapshot{dir: dir}
	return s, json.Unmarshal(data, s)
}
