package race_test

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/edcacfbd/toctou/internal/env"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/settings"
)

// TestTestsOnly checks that a function that only tests call is left out, where tests are
// not analyzed, and one that the program or a file for another system calls is not.
func TestTestsOnly(t *testing.T) {
	const load = `
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return nil, nil
	}
	return os.ReadFile(path)
}
`
	dir := filepath.Join(t.TempDir(), "src", "p")
	for name, text := range map[string]string{
		"p.go": "package p\n\nimport \"os\"\n" +
			"\nfunc tested(path string) ([]byte, error) {" + load +
			"\nfunc untested(path string) ([]byte, error) {" + load +
			"\nfunc called(path string) ([]byte, error) {" + load +
			"\nfunc elsewhere(path string) ([]byte, error) {" + load +
			"\nfunc Called(path string) ([]byte, error) { return called(path) }\n",
		"p_test.go":    "package p\n\nvar _, _, _ = tested, called, elsewhere\n",
		"p_ignored.go": "//go:build ignored\n\npackage p\n\nvar _ = elsewhere\n",
	} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	engine := race.New(new(settings.Settings), new(env.Env))
	results := analysistest.Run(t, filepath.Dir(filepath.Dir(dir)), engine.Analyzer, "p")
	shown := make(map[string]bool)
	for _, r := range results {
		for _, f := range r.Result.(*race.Result).Findings {
			if f.Level() > race.Silent {
				shown[f.Fn.Name()] = true
			}
		}
	}
	for name, want := range map[string]bool{"tested": false, "untested": true, "called": true, "elsewhere": true} {
		if shown[name] != want {
			t.Errorf("%s: a finding is %t, want %t", name, shown[name], want)
		}
	}
}
