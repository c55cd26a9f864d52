// What was read when the program started is written by it alone: no read
// belongs to the write.
package benign

import (
	"encoding/json"
	"os"
	"path/filepath"
)

type counters struct {
	path  string
	Count map[string]int
}

func openCounters(path string) (*counters, error) {
	c := &counters{path: path}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return c, json.Unmarshal(data, c)
}

func (c *counters) save() error {
	data, err := json.Marshal(c)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(c.path), ".counters-*")
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
	return os.Rename(f.Name(), c.path)
}

func (c *counters) add(name string) error {
	c.Count[name]++
	return c.save()
}
