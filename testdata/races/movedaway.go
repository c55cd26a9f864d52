// The old configuration is moved away before the new one is moved in: a crash in
// between leaves none.
package races

import (
	"encoding/json"
	"os"
)

type settingsStore struct{ configPath string }

func (s *settingsStore) load(into any) error {
	data, err := os.ReadFile(s.configPath)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, into)
}

func (s *settingsStore) publish(staged, backup string) error {
	if err := os.Rename(s.configPath, backup); err != nil && !os.IsNotExist(err) {
		return err
	}
	return os.Rename(staged, s.configPath) // want `tornwrite: os.Rename comes after the os.Rename on line 21 moved the file away`
}
