package driver

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/edcacfbd/toctou/internal/fsapi"
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
	source := func(text string) []string {
		file := filepath.Join(t.TempDir(), "p.go")
		if err := os.WriteFile(file, []byte("package p\n\n"+text), 0o666); err != nil {
			t.Fatal(err)
		}
		return []string{file}
	}
	required := func(text string, imports map[string]string) unitchecker.Config {
		return unitchecker.Config{Dir: dir, ModuleVersion: "v1.2.3", GoFiles: source(text), ImportMap: imports, Standard: map[string]bool{"os": true}}
	}
	const dirs = "example.com/go-dirs/v2"
	table := fsapi.With([]fsapi.Func{{Name: dirs + ".Make", Ops: []fsapi.Op{{Effect: fsapi.MakeDir}}}})
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
		{"a required module, no file", required("import \"os\"\n\nvar home = os.Getenv(\"HOME\")\n", map[string]string{"os": "os"}), false},
		{"a required module, files", required("import sys \"os\"\n\nvar _, err = sys.Stat(\"x\")\n", map[string]string{"os": "os"}), true},
		{"a required module, dot import", required("import . \"os\"\n\nvar home = Getenv(\"HOME\")\n", map[string]string{"os": "os"}), true},
		{"a required module, a package of the settings", required("import \"example.com/go-dirs/v2\"\n\nvar err = dirs.Make(\"x\")\n", map[string]string{dirs: dirs}), true},
		{"a required module, one of them among others", required("import (\n\t\"example.com/go-dirs/v2\"\n\t\"example.com/go-x/v2\"\n)\n\nvar err = dirs.Make(x.Name)\n", map[string]string{dirs: dirs, "example.com/go-x/v2": "example.com/go-x/v2"}), true},
		{"a facts file is missing", unitchecker.Config{Dir: dir, PackageVetx: map[string]string{"x": filepath.Join(dir, "missing")}}, true},
	}
	for _, test := range tests {
		u := &unit{test.cfg}
		if got := u.mayHaveFacts(table); got != test.want {
			t.Errorf("%s: mayHaveFacts = %v, want %v", test.name, got, test.want)
		}
	}
}
