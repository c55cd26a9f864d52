package driver

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis/unitchecker"
)

func TestMayHaveFacts(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("GOROOT", filepath.Join(dir, "go"))
	std := filepath.Join(dir, "go", "src")
	empty, full := filepath.Join(dir, "empty"), filepath.Join(dir, "full")
	for file, text := range map[string]string{empty: "", full: "facts"} {
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		name string
		cfg  unitchecker.Config
		want bool
	}{
		{"imports nothing", unitchecker.Config{Dir: dir}, false},
		{"imports os", unitchecker.Config{Dir: dir, ImportMap: map[string]string{"os": "os"}}, true},
		{"a vendored import", unitchecker.Config{Dir: dir, ImportMap: map[string]string{"x": "os"}}, true},
		{"the standard library", unitchecker.Config{Dir: filepath.Join(std, "net"), ImportMap: map[string]string{"os": "os"}}, false},
		{"a directory that only begins alike", unitchecker.Config{Dir: std + "2", ImportMap: map[string]string{"os": "os"}}, true},
		{"no directory, files of the library", unitchecker.Config{GoFiles: []string{filepath.Join(std, "net", "net.go")}, ImportMap: map[string]string{"os": "os"}}, false},
		{"no directory, files elsewhere", unitchecker.Config{GoFiles: []string{filepath.Join(dir, "net.go")}, ImportMap: map[string]string{"os": "os"}}, true},
		{"nothing known below", unitchecker.Config{Dir: dir, PackageVetx: map[string]string{"x": empty, "y": empty}}, false},
		{"something known below", unitchecker.Config{Dir: dir, PackageVetx: map[string]string{"x": empty, "y": full}}, true},
		{"a facts file is missing", unitchecker.Config{Dir: dir, PackageVetx: map[string]string{"x": filepath.Join(dir, "missing")}}, true},
	}
	for _, test := range tests {
		u := &unit{test.cfg}
		if got := u.mayHaveFacts(nil); got != test.want {
			t.Errorf("%s: mayHaveFacts = %v, want %v", test.name, got, test.want)
		}
	}
}
