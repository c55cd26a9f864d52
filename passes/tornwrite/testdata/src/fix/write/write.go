package write

import (
	"encoding/json"
	"errors"
	"os"
)

type Config struct{ path string }

func (c *Config) load(v any) error {
	data, err := os.ReadFile(c.path)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, v)
}

func (c *Config) save(v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return os.WriteFile(c.path, data, 0o600) // want `truncates`
}

func (c *Config) saveText(text string) error {
	err := os.WriteFile(c.path, // want `truncates`
		[]byte(text), // as it is
		os.FileMode(0o644))
	return err
}

func content() (string, []byte, os.FileMode) { return "", nil, 0 }

func (c *Config) saveBoth(other *Config, data []byte) error {
	return errors.Join(os.WriteFile(c.path, data, 0o600), os.WriteFile(other.path, data, 0o600)) // want `truncates` `truncates`
}
