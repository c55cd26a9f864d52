// The caller chooses a file, so that the callee writes it. A constant that keeps the callee
// from it is in benign/givenconstant.go.
package races

import (
	"encoding/json"
	"os"
	"path/filepath"
)

type notice struct{ Text string }

func (n *notice) read(dir string) error {
	text, err := os.ReadFile(filepath.Join(dir, "notice.json"))
	if err != nil {
		return err
	}
	return json.Unmarshal(text, n)
}

func (n *notice) write(path string) error {
	if path == "" {
		return nil
	}
	text, err := json.Marshal(n)
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o644) // want `tornwrite: os.WriteFile truncates the file before it writes`
}

func (n *notice) keep(dir string) error { return n.write(filepath.Join(dir, "notice.json")) }
