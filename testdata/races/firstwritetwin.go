// The directory may exist, with an older configuration in it: that one is torn.
package races

import (
	"encoding/json"
	"os"
	"path/filepath"
)

func renewBundle(base, id string, spec map[string]string) error {
	dir := filepath.Join(base, id)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	text, err := json.Marshal(spec)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "config.json"), text, 0o600) // want `tornwrite: os.WriteFile truncates the file before it writes`
}
