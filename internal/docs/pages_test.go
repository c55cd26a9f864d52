package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/edcacfbd/toctou/passes"
)

// TestUpToDate compares the pages in the repository with what the passes say.
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
	for _, rule := range passes.Rules() {
		if rule.Name == "toctouignore" {
			continue // it finds comments, not races
		}
		if rule.Fix == "" || !strings.Contains(rule.Silence, "Suppress a finding if") || len(rule.References) == 0 || len(rule.CWE) == 0 {
			t.Errorf("%s does not say what its fix does, when it is silent, when to suppress it, which weakness it finds, or where to read on", rule.Name)
		}
		_, err := os.Stat(filepath.Join("..", "..", "passes", rule.Name, "fix.go"))
		if fixes := err == nil; fixes == strings.HasPrefix(rule.Fix, "There is no automatic fix") {
			t.Errorf("passes/%s has a fix: %t, and says: %s", rule.Name, fixes, rule.Fix)
		}
		for _, part := range []string{"\nBefore:\n", "\nAfter:\n"} {
			if !strings.Contains(rule.Doc, part) {
				t.Errorf("%s has no%s", rule.Name, part)
			}
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
