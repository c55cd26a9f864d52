package logship

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestShip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "agent.log")
	if err := os.WriteFile(path, []byte("started\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := New(path).Ship(&out); err != nil {
		t.Fatal(err)
	}
	if out.String() != "started\n" {
		t.Errorf("shipped %q", out.String())
	}
}
