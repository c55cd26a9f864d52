// What was read is gone through as a map, and written back in place.
package races

import (
	"encoding/json"
	"os"
)

func dropEmptyTokens(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	tokens := make(map[string]string)
	if err := json.Unmarshal(data, &tokens); err != nil {
		return err
	}
	for name, token := range tokens {
		if token == "" {
			delete(tokens, name)
		}
	}
	if data, err = json.Marshal(tokens); err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o600) // want `tornwrite: os.WriteFile truncates the file before it writes: a reader in between sees an empty or partial file, and a crash or a full disk leaves one`
}
