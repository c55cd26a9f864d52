// A crash or a full disk leaves half a configuration, and it was the only one.
package races

import (
	"encoding/json"
	"os"
	"path/filepath"
)

type userConfig struct {
	Editor string
	Recent []string
}

func configFile() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "notes", "config.json"), nil
}

func (c *userConfig) load() error {
	path, err := configFile()
	if err != nil {
		return err
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, c)
}

func (c *userConfig) save() error {
	path, err := configFile()
	if err != nil {
		return err
	}
	data, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o600) // want `tornwrite: os.WriteFile truncates the file before it writes`
}
