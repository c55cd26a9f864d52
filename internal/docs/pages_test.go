package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestUpToDate holds the pages in the repository against what the passes say.
func TestUpToDate(t *testing.T) {
	dir := filepath.Join("..", "..", "docs", "rules")
	want := pages()
	for name, text := range want {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
		} else if !bytes.Equal(got, text) {
			t.Errorf("docs/rules/%s is out of date: go run ./internal/docs", name)
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if want[f.Name()] == nil {
			t.Errorf("docs/rules/%s belongs to no pass", f.Name())
		}
	}
}
