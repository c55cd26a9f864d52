// A helper empties the file through its handle and writes it anew; that the
// content is a marshalled value, and that the file is loaded again, only the
// caller shows.
package races

import (
	"encoding/json"
	"os"
	"path/filepath"
)

func refill(name string, text []byte) error {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Truncate(0); err != nil { // want `tornwrite: \(\*os.File\).Truncate truncates the file before it writes`
		return err
	}
	_, err = f.Write(text)
	return err
}

type roster struct {
	dir   string
	Names []string
}

func (r *roster) store() error {
	text, err := json.Marshal(r.Names)
	if err != nil {
		return err
	}
	return refill(filepath.Join(r.dir, "roster.json"), text)
}

func (r *roster) fetch() error {
	text, err := os.ReadFile(filepath.Join(r.dir, "roster.json"))
	if err != nil {
		return err
	}
	return json.Unmarshal(text, &r.Names)
}
