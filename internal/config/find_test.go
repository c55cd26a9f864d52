package config

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// tree writes the files of an archive to a folder, and returns it.
func tree(t *testing.T, archive string) string {
	t.Helper()
	root := t.TempDir()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		file := filepath.Join(root, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

const workspace = `
-- go.work --
go 1.25.0

use (
	./own
	./none
)
-- .toctou.yml --
-- own/go.mod --
-- own/.toctou.yml --
-- own/a/a.go --
-- none/go.mod --
-- none/a/a.go --
-- stray/go.mod --
-- stray/a/.toctou.yml --
-- stray/a/b/b.go --
-- misspelt/go.mod --
-- misspelt/.toctou.yaml --
-- nested/go.mod --
-- nested/.toctou.yml --
-- nested/inner/go.mod --
-- nested/inner/.toctou.yml --
-- nested/inner/a/a.go --
`

func TestFind(t *testing.T) {
	t.Setenv("GOWORK", "")
	root := tree(t, workspace)
	for dir, want := range map[string]string{
		".":              ".toctou.yml",
		"own":            "own/.toctou.yml",
		"own/a":          "own/.toctou.yml",
		"none/a":         ".toctou.yml",
		"nested/inner/a": "nested/inner/.toctou.yml",
		"stray/a/b":      "error: " + filepath.FromSlash("stray/a/.toctou.yml"),
		"stray":          ".toctou.yml",
		"misspelt":       "error: " + filepath.FromSlash("misspelt/.toctou.yaml"),
	} {
		got, err := Find(filepath.Join(root, filepath.FromSlash(dir)))
		if text, ok := strings.CutPrefix(want, "error: "); ok {
			if err == nil || !strings.Contains(err.Error(), text) {
				t.Errorf("%s: %q, %v; want an error about %s", dir, got, err, text)
			}
		} else if err != nil || got != filepath.Join(root, filepath.FromSlash(want)) {
			t.Errorf("%s: %q, %v; want %s", dir, got, err, want)
		}
	}
	t.Setenv("GOWORK", "off")
	if got, err := Find(filepath.Join(root, "none", "a")); got != "" || err != nil {
		t.Errorf("without the workspace: %q, %v", got, err)
	}
}

// TestAll checks that go vet knows the settings of all modules that it may
// work on.
func TestAll(t *testing.T) {
	t.Setenv("GOWORK", "")
	t.Setenv(Variable, "")
	root := tree(t, workspace)
	files := All(filepath.Join(root, "none"))
	for _, want := range []string{".toctou.yml", "own/.toctou.yml"} {
		if !slices.Contains(files, filepath.Join(root, filepath.FromSlash(want))) {
			t.Errorf("%s is missing in %q", want, files)
		}
	}
	t.Setenv(Variable, "/elsewhere.yml")
	if files := All(root); !slices.Equal(files, []string{"/elsewhere.yml"}) {
		t.Errorf("with %s: %q", Variable, files)
	}
}
