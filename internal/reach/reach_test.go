package reach

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"
)

func TestInReach(t *testing.T) {
	tests := []struct {
		name, env, files string
		want             bool
	}{
		{name: "no module", files: "-- main/a.go --\npackage a\n", want: false},
		{name: "a module without it", files: "-- go.mod --\nmodule m\n\ngo 1.25\n-- main/a.go --\n", want: false},
		{
			name:  "required",
			files: "-- go.mod --\nmodule m\n\ngo 1.25\n\nrequire github.com/edcacfbd/toctou/atomicfix v0.1.0\n-- main/a.go --\n",
			want:  true,
		},
		{
			name:  "the linter's own module is not the helper's",
			files: "-- go.mod --\nmodule m\n\ngo 1.25\n\nrequire github.com/edcacfbd/toctou v0.1.0\n-- main/a.go --\n",
			want:  false,
		},
		{name: "the helper itself", files: "-- main/go.mod --\nmodule github.com/edcacfbd/toctou/atomicfix\n", want: true},
		{name: "a broken go.mod", files: "-- main/go.mod --\nmodule \"\nrequire github.com/edcacfbd/toctou/atomicfix v0.1.0\n", want: false},
		{
			name:  "a module of the workspace requires it",
			files: "-- go.work --\ngo 1.25\n\nuse (\n\t./main\n\t./b\n)\n-- main/go.mod --\nmodule m\n-- b/go.mod --\nmodule b\n\nrequire github.com/edcacfbd/toctou/atomicfix v0.1.0\n",
			want:  true,
		},
		{
			name:  "the workspace is switched off",
			env:   "off",
			files: "-- go.work --\ngo 1.25\n\nuse (\n\t./main\n\t./b\n)\n-- main/go.mod --\nmodule m\n-- b/go.mod --\nmodule b\n\nrequire github.com/edcacfbd/toctou/atomicfix v0.1.0\n",
			want:  false,
		},
		{
			name:  "required but not vendored",
			files: "-- go.mod --\nmodule m\n\ngo 1.25\n\nrequire github.com/edcacfbd/toctou/atomicfix v0.1.0\n-- vendor/modules.txt --\n# example.com/x v1.0.0\n## explicit\nexample.com/x\n-- main/a.go --\n",
			want:  false,
		},
		{
			name:  "vendored",
			files: "-- go.mod --\nmodule m\n\ngo 1.25\n\nrequire github.com/edcacfbd/toctou/atomicfix v0.1.0\n-- vendor/modules.txt --\n# github.com/edcacfbd/toctou/atomicfix v0.1.0\n## explicit\ngithub.com/edcacfbd/toctou/atomicfix\n-- main/a.go --\n",
			want:  true,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("GOWORK", test.env)
			dir := t.TempDir()
			for _, f := range txtar.Parse([]byte(test.files)).Files {
				file := filepath.Join(dir, f.Name)
				if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, f.Data, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			if got := InReach(filepath.Join(dir, "main")); got != test.want {
				t.Errorf("InReach = %v, want %v", got, test.want)
			}
		})
	}
}
