// Truncated by the handle and written anew: as torn as with os.Create.
package races

import (
	"encoding/json"
	"io"
	"os"
)

type counterFile struct{ statePath string }

func (c *counterFile) bump() error {
	f, err := os.OpenFile(c.statePath, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	counts := make(map[string]int)
	if err := json.NewDecoder(f).Decode(&counts); err != nil && err != io.EOF {
		return err
	}
	counts["runs"]++
	if err := f.Truncate(0); err != nil { // want `tornwrite: .*Truncate`
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return json.NewEncoder(f).Encode(counts)
}
