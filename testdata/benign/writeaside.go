// The configuration is written aside and renamed: what is truncated is the
// copy.
package benign

import (
	"encoding/json"
	"os"
	"path/filepath"
)

func saveAside(cfg any) error {
	dir, err := os.UserConfigDir()
	if err != nil {
		return err
	}
	data, err := json.Marshal(cfg)
	if err != nil {
		return err
	}
	path := filepath.Join(dir, "app", "config.json")
	aside := path + ".new"
	if err := os.WriteFile(aside, data, 0o600); err != nil {
		return err
	}
	return os.Rename(aside, path)
}
