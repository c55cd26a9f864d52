package main

import (
	"bytes"
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// TestUpToDate compares the pictures in the repository with what the program
// prints.
func TestUpToDate(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	want, err := pictures(root)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(root, "docs", "pictures")
	for name, text := range want {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
		} else if !bytes.Equal(got, text) {
			t.Errorf("docs/pictures/%s is out of date: go run ./internal/docs/pictures", name)
		}
		for dec := xml.NewDecoder(bytes.NewReader(text)); ; {
			if _, err := dec.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%s is no XML: %v", name, err)
			}
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if want[f.Name()] == nil {
			t.Errorf("docs/pictures/%s is none of them", f.Name())
		}
	}
}
