package main

import (
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/edcacfbd/toctou/passes"
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
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join(root, "testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                scriptCommands,
		Condition:           condition,
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

// condition decides the conditions of our scripts besides those of testscript:
// [pass:NAME], whether the suite has that pass, and [engine], whether its
// passes know of functions in other packages.
func condition(cond string) (bool, error) {
	for _, a := range passes.New(new(passes.Settings)) {
		if cond == "pass:"+a.Name || cond == "engine" && len(a.Requires[0].Requires) > 0 {
			return true, nil
		}
	}
	return false, nil
}
