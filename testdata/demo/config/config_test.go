package config

import (
	"os"
	"path/filepath"
	"testing"
)

func TestLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "agent.json")
	if err := os.WriteFile(path, []byte(`{"listen": ":80", "interval": 1000000000}`), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Listen != ":80" {
		t.Errorf("listens on %s", cfg.Listen)
	}
}

func TestLoadDefault(t *testing.T) {
	cfg, err := Load(filepath.Join(t.TempDir(), "agent.json"))
	if err != nil || *cfg != *Default() {
		t.Errorf("got %v, %v", cfg, err)
	}
}
