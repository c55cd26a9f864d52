// What is put under a key is got back by it: both methods compute the same path
// from a key of their own.
package races

import (
	"encoding/json"
	"os"
	"path/filepath"
)

type board struct{ dir string }

func (b *board) get(id string, into any) error {
	data, err := os.ReadFile(filepath.Join(b.dir, id+".json"))
	if err != nil {
		return err
	}
	return json.Unmarshal(data, into)
}

func (b *board) put(name string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(b.dir, name+".json"), data, 0o644) // want `tornwrite: os.WriteFile truncates`
}
