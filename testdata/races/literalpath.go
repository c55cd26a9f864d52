// The path is what a function literal yields, which has no name.

package races

import (
	"encoding/json"
	"os"
	"path/filepath"
)

func saveSession(session map[string]string) error {
	file := func() string { return filepath.Join(os.Getenv("HOME"), ".config", "app", "session.json") }
	old, err := os.ReadFile(file())
	if err != nil {
		return err
	}
	known := make(map[string]string)
	if err := json.Unmarshal(old, &known); err != nil {
		return err
	}
	for k, v := range session {
		known[k] = v
	}
	data, err := json.Marshal(known)
	if err != nil {
		return err
	}
	return os.WriteFile(file(), data, 0o600) // want `tornwrite: os.WriteFile truncates the file before it writes: a reader in between sees an empty or partial file, and a crash or a full disk leaves one`
}
