// The content is marshalled in one method and written by a helper; another
// function loads it, and fails over half of it.
package races

import (
	"encoding/json"
	"os"
	"path/filepath"
)

type parcel struct {
	slip  string
	About struct{ From, To string }
}

func slipOf(dir, id string) string { return filepath.Join(dir, id+".slip") }

func openParcel(dir, id string) (*parcel, error) {
	slip := slipOf(dir, id)
	text, err := os.ReadFile(slip)
	if err != nil {
		return nil, err
	}
	p := &parcel{slip: slip}
	return p, json.Unmarshal(text, &p.About)
}

func (p *parcel) describe() error {
	text, err := json.Marshal(p.About)
	if err != nil {
		return err
	}
	return pourInto(p.slip, text)
}

func pourInto(file string, text []byte) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644) // want `tornwrite: os.OpenFile truncates the file before it writes`
	if err != nil {
		return err
	}
	if _, err := f.Write(text); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
