package goplsbuild

import (
	"archive/zip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

// TestTooOldGo builds a gopls with a real go command that is too old for it.
func TestTooOldGo(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the address of a proxy in a directory is written otherwise there")
	}
	proxy := t.TempDir()
	writeProxy(t, filepath.Join(proxy, filepath.FromSlash(goplsPath), "@v"), "v1.0.0", "module "+goplsPath+"\n\ngo 9.27.0\n")
	t.Setenv("GOPROXY", "file://"+proxy)
	t.Setenv("GOSUMDB", "off")
	t.Setenv("GOMODCACHE", t.TempDir())
	t.Setenv("GOTOOLCHAIN", "local")

	dir := t.TempDir()
	_, err := Build(context.Background(), Request{Version: "v1.0.0", Output: filepath.Join(dir, "gopls"), Log: io.Discard})
	if err == nil || !strings.Contains(err.Error(), "needs Go 9.27.0") || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %v, want one line that tells which Go is needed", err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) > 0 {
		t.Errorf("%s is left behind", entries[0].Name())
	}
}

// writeProxy writes what a module proxy says of one version of gopls.
func writeProxy(t *testing.T, dir, version, goMod string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	var archive strings.Builder
	w := zip.NewWriter(&archive)
	f, err := w.Create(goplsPath + "@" + version + "/go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(f, goMod); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for ext, text := range map[string]string{"info": `{"Version": "` + version + `"}`, "mod": goMod, "zip": archive.String()} {
		if err := os.WriteFile(filepath.Join(dir, version+"."+ext), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func TestExplain(t *testing.T) {
	tests := []struct {
		text, want  string
		unreachable bool
	}{
		{
			text: "go: downloading golang.org/x/vuln v1.4.0\n# golang.org/x/tools/gopls/toctou\n./toctou.go:8:2: undefined: vet\nnote: more\n",
			want: "./toctou.go:8:2: undefined: vet",
		},
		{
			text: "golang.org/x/tools/gopls@v0.99.0: reading https://proxy.example.org/x.info: 404 Not Found\n\tserver response: not found",
			want: "golang.org/x/tools/gopls@v0.99.0: reading https://proxy.example.org/x.info: 404 Not Found",
		},
		{
			text:        "a@v1: Get \"https://proxy.example.org/a\": dial tcp: lookup proxy.example.org: no such host",
			want:        "cannot reach the module proxy: a@v1: Get \"https://proxy.example.org/a\": dial tcp: lookup proxy.example.org: no such host",
			unreachable: true,
		},
	}
	for _, tt := range tests {
		err := explain(tt.text)
		if err.Error() != tt.want {
			t.Errorf("explain(%q) = %q, want %q", tt.text, err, tt.want)
		}
		if got := errors.Is(err, ErrUnreachable); got != tt.unreachable {
			t.Errorf("explain(%q): out of reach is %v, want %v", tt.text, got, tt.unreachable)
		}
	}
}

// TestGoMod checks that the module is below gopls's path, requires the Go that
// gopls requires, and takes the passes from where they are.
func TestGoMod(t *testing.T) {
	theirs := filepath.Join(t.TempDir(), "go.mod")
	if err := os.WriteFile(theirs, []byte("module "+goplsPath+"\n\ngo 1.26.0\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, from := range []*origin{{version: "v1.2.3"}, {version: "v0.0.0", dir: "/src/my toctou"}} {
		b := &build{gopls: &module{Version: "v0.23.0", GoMod: theirs}, from: from}
		data, err := b.goMod()
		if err != nil {
			t.Fatal(err)
		}
		f, err := modfile.Parse("go.mod", data, nil)
		if err != nil {
			t.Fatalf("%v in:\n%s", err, data)
		}
		if f.Module.Mod.Path != programPath || f.Go == nil || f.Go.Version != "1.26.0" || len(f.Require) != 2 || f.Require[1].Mod.Version != from.version {
			t.Errorf("go.mod is\n%s", data)
		}
		if from.dir == "" && len(f.Replace) > 0 || from.dir != "" && (len(f.Replace) != 1 || f.Replace[0].New.Path != from.dir) {
			t.Errorf("from %+v, go.mod is\n%s", *from, data)
		}
	}
}

// TestOrigin checks that a program built in a checkout finds it.
func TestOrigin(t *testing.T) {
	from, err := findOrigin("")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(from.dir, "plugin", "gopls", "gopls.go")); err != nil {
		t.Error(err)
	}
}
