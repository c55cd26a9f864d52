// Read, changed, and replaced whole: a reader sees the old or the new one.
package benign

import (
	"encoding/json"
	"os"
	"path/filepath"
)

func setOption(dir, key, value string) error {
	file := filepath.Join(dir, "config.json")
	options := make(map[string]string)
	data, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	if err == nil {
		if err := json.Unmarshal(data, &options); err != nil {
			return err
		}
	}
	options[key] = value
	if data, err = json.Marshal(options); err != nil {
		return err
	}
	return replaceWhole(file, data)
}

func replaceWhole(file string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(file), ".config-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err := f.Write(data); err != nil {
		f.Close()
		return err
	}
	if err := f.Sync(); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), file)
}
