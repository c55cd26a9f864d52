// Package config loads the agent's configuration.
package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// Config is what an operator can set.
type Config struct {
	Listen   string        `json:"listen"`
	Upstream string        `json:"upstream"`
	Interval time.Duration `json:"interval"`
}

// Default returns the configuration of an agent that was not configured.
func Default() *Config {
	return &Config{Listen: "127.0.0.1:7070", Interval: time.Minute}
}

// Load reads the configuration from path, or returns the defaults if there is
// no such file.
func Load(path string) (*Config, error) {
	cfg := Default()
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return cfg, nil
	}

	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the configuration: %w", err)
	}
	if err := json.Unmarshal(data, cfg); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if cfg.Interval <= 0 {
		return nil, fmt.Errorf("%s: interval must be positive", path)
	}
	return cfg, nil
}
