// One method keeps what it reads in a field, another one writes the field back. Of
// two programs that run at once, the one that ends first loses what it has added.
package races

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
)

func replaceWhole(path string, data []byte) error {
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

type bookmarks struct {
	home  string
	pages []string
	seen  map[string]int
}

func (b *bookmarks) load() error {
	data, err := os.ReadFile(filepath.Join(b.home, "bookmarks.json"))
	if err != nil {
		return err
	}
	return json.Unmarshal(data, &b.pages)
}

func (b *bookmarks) save() error {
	data, err := json.Marshal(b.pages)
	if err != nil {
		return err
	}
	return replaceWhole(filepath.Join(b.home, "bookmarks.json"), data) // want `lostupdate: replaceWhole .os.Rename. loses any update that another process writes after the os.ReadFile on line 33`
}

func (b *bookmarks) loadSeen() {
	f, err := os.Open(filepath.Join(b.home, "seen"))
	if err != nil {
		return
	}
	defer f.Close()
	seen := make(map[string]int)
	if gob.NewDecoder(f).Decode(&seen) == nil {
		b.seen = seen
	}
}

func (b *bookmarks) saveSeen() error {
	var buf bytes.Buffer
	if err := gob.NewEncoder(&buf).Encode(b.seen); err != nil {
		return err
	}
	return replaceWhole(filepath.Join(b.home, "seen"), buf.Bytes()) // want `lostupdate: replaceWhole .os.Rename. loses any update that another process writes after the os.Open on line 49`
}

var words []string

func loadWords(home string) error {
	data, err := os.ReadFile(filepath.Join(home, "words.json"))
	if err != nil {
		return err
	}
	return json.Unmarshal(data, &words)
}

func saveWords(home string) error {
	data, err := json.Marshal(words)
	if err != nil {
		return err
	}
	return replaceWhole(filepath.Join(home, "words.json"), data) // want `lostupdate: replaceWhole .os.Rename. loses any update that another process writes after the os.ReadFile on line 71`
}
