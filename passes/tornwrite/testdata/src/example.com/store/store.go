// Package store keeps values in a file, as a package of another module does.
package store

import (
	"encoding/json"
	"os"
)

// Config is the values, and where they are kept.
type Config struct {
	configPath string
	values     map[string]string
}

// Load reads the values.
func (c *Config) Load() error {
	data, err := os.ReadFile(c.configPath)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, &c.values)
}

func (c *Config) Set(key, value string) error {
	c.values[key] = value
	return c.flush()
}

func (c *Config) Unset(key string) error {
	delete(c.values, key)
	return c.flush()
}

func (c *Config) flush() error {
	data, err := json.Marshal(c.values)
	if err != nil {
		return err
	}
	return os.WriteFile(c.configPath, data, 0o600) // want `truncates`
}

// Save keeps one value, where the caller says.
func Save(configPath string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return os.WriteFile(configPath, data, 0o600)
}
