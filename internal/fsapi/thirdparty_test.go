package fsapi

import (
	"bytes"
	"go/importer"
	"go/token"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// absent are packages that TestThirdParty cannot load, and why.
var absent = map[string]string{
	"github.com/edcacfbd/toctou/atomicfix": "its own tests know it",
	"github.com/dchest/safefile":           "read in its source: the module proxy does not serve it",
}

// older are types whose methods only older versions declare themselves.
var older = map[string]string{
	"github.com/sirupsen/logrus.FieldLogger": "embeds StdLogger since v1.10",
}

// TestThirdParty compares the rows of other modules with the real ones. This
// module must not require them all, so it needs one that does:
//
//	TOCTOU_THIRDPARTY=/path/to/module go test -run TestThirdParty ./internal/fsapi
//
// go get each package that it then reports missing.
func TestThirdParty(t *testing.T) {
	dir := os.Getenv("TOCTOU_THIRDPARTY")
	if dir == "" {
		t.Skip("TOCTOU_THIRDPARTY names no module that requires the packages of the table")
	}
	paths := make(map[string]bool)
	everyRow(func(row *Func) {
		path := PackagePath(row.Name)
		if !isStandard(path) && absent[path] == "" {
			paths[path] = true
		}
	})
	var universes []universe
	for _, goos := range systems {
		want := paths
		if goos != "linux" {
			want = map[string]bool{"golang.org/x/sys/unix": goos != "windows", "golang.org/x/sys/windows": goos == "windows"}
		}
		universes = append(universes, exported(t, dir, goos, want))
	}
	everyRow(func(row *Func) {
		recv, _, _ := strings.Cut(strings.TrimLeft(row.Name, "(*"), ").")
		if !paths[PackagePath(row.Name)] || older[recv] != "" {
			return
		}
		for _, u := range universes {
			if fn := u.find(row.Name); fn != nil {
				checkSignature(t, row, fn)
				return
			}
		}
		t.Errorf("%s: no such function", row.Name)
	})
}

// exported is the universe of the packages that the module in dir can import,
// from their export data.
func exported(t *testing.T, dir, goos string, want map[string]bool) universe {
	maps.DeleteFunc(want, func(_ string, ok bool) bool { return !ok })
	args := append([]string{"list", "-e", "-deps", "-export", "-f", "{{.ImportPath}}={{.Export}}"},
		slices.Sorted(maps.Keys(want))...)
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOOS="+goos, "GOWORK=off", "CGO_ENABLED=0")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	files := make(map[string]string)
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), "=")
		files[path] = file
	}
	lookup := func(path string) (io.ReadCloser, error) { return os.Open(files[path]) }
	return universe{importer.ForCompiler(token.NewFileSet(), "gc", lookup)}
}
