package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the test binary be the program, too, for the scripts and for
// the go vet that they run.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"toctou": main})
}

// TestScripts runs the scripts in testdata/script. Each works in a directory
// of its own outside of the repository, whose go.work refuses modules that it
// does not name.
func TestScripts(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("needs the go command")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	caches := goEnv(t, "GOCACHE", "GOMODCACHE")
	// What the helper alone requires may not be there: the workspace has newer.
	download := exec.Command("go", "mod", "download")
	download.Dir = filepath.Join(root, "atomicfix")
	download.Env = append(os.Environ(), "GOWORK=off")
	if out, err := download.CombinedOutput(); err != nil {
		t.Logf("%v: %s", err, out)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join(root, "testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                scriptCommands,
		Setup: func(env *testscript.Env) error {
			tool, err := exec.LookPath("toctou")
			if err != nil {
				return err
			}
			env.Vars = append(env.Vars, caches...)
			env.Setenv("TOCTOU", tool)
			env.Setenv("ROOT", root)
			env.Setenv("GOWORK", "off")
			env.Setenv("GOFLAGS", "-mod=mod")
			env.Setenv("GOPROXY", "off")
			env.Setenv("GOTOOLCHAIN", "local")
			env.Setenv("GOENV", "off")
			// Unlike on any run before: what go vet has in its cache does not
			// count there.
			env.Setenv("NONCE", strconv.FormatInt(time.Now().UnixNano(), 36))
			return nil
		},
	})
}

// goEnv returns settings of the go command as environment variables.
func goEnv(t *testing.T, names ...string) []string {
	t.Helper()
	var vars []string
	for _, name := range names {
		out, err := exec.Command("go", "env", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		vars = append(vars, name+"="+string(out[:len(out)-1]))
	}
	return vars
}
