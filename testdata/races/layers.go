// A layer over a file system that keeps a file of its own besides, and the file system. One
// that only passes on is in benign/layers.go.
package races

import (
	"encoding/json"
	"io/fs"
	"os"
)

type countedFiles struct {
	counts string
	n      map[string]int
}

func (c *countedFiles) load() error {
	text, err := os.ReadFile(c.counts)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, &c.n)
}

func (c *countedFiles) WriteFile(name string, data []byte, perm fs.FileMode) error {
	c.n[name]++
	text, err := json.Marshal(c.n)
	if err != nil {
		return err
	}
	return os.WriteFile(c.counts, text, perm) // want `tornwrite: os.WriteFile truncates the file before it writes`
}
