// Package kinds has uses that could be reported for two reasons.
package kinds

import (
	"encoding/json"
	"os"
	"path/filepath"
)

func stateFile() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "kinds", "state.json"), nil
}

func load() (map[string]string, error) {
	path, err := stateFile()
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	state := make(map[string]string)
	return state, json.Unmarshal(data, &state)
}

// An absence check, and a file written in place that is read back.
func initialise() error {
	path, err := stateFile()
	if err != nil {
		return err
	}
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	data, err := json.Marshal(map[string]string{})
	if err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o600) // want `^existscreate: os.WriteFile truncates a file that another process creates`
}

// A late mode, and a path that is used again while its file is open.
func socketMode(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return os.Chmod(path, 0o600) // want `^writechmod: os.Chmod comes late`
}
