//go:build e2e

package golangci

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/edcacfbd/toctou/internal/scripttest"
)

// TestEndToEnd builds a golangci-lint with the plugin as docs/golangci.md says,
// and runs the scripts in testdata/script on it.
func TestEndToEnd(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	program := customized(t, root)
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":    scripttest.Exits,
			"settings": cmdSettings,
		},
		Setup: func(env *testscript.Env) error {
			for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPROXY"} {
				env.Setenv(name, scripttest.Output(t, root, nil, "go", "env", name))
			}
			env.Setenv("GOWORK", "off")
			env.Setenv("GOLANGCI_LINT_CACHE", filepath.Join(env.WorkDir, ".cache"))
			env.Setenv("ROOT", root)
			env.Setenv("GCL", program)
			return nil
		},
	})
}

// cmdSettings is "settings KEY: VALUE, ...": the sample .golangci.yml with these
// settings instead of its own.
func cmdSettings(ts *testscript.TestScript, neg bool, args []string) {
	sample := ts.ReadFile(filepath.Join(ts.Getenv("ROOT"), "docs", "golangci", ".golangci.yml"))
	before, _, found := strings.Cut(sample, "        settings:\n")
	if neg || !found {
		ts.Fatalf("usage: settings key: value, ... (and the sample has some)")
	}
	text := before + "        settings: {" + strings.Join(args, " ") + "}\n"
	ts.Check(os.WriteFile(ts.MkAbs(".golangci.yml"), []byte(text), 0o666))
}

// TestOwnCode compares this repository with its own .golangci.yml.
func TestOwnCode(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(customized(t, root), "run", "--allow-parallel-runners", "--build-tags=e2e", "./...", "./atomicfix/...")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", strings.Join(cmd.Args, " "), err, out)
	}
}

// customized returns the golangci-lint that `golangci-lint custom` makes of
// docs/golangci/.custom-gcl.yml, with the plugin as it is here. The program is
// kept in the user's cache directory for as long as nothing that goes into it
// changes.
func customized(t *testing.T, root string) string {
	t.Helper()
	sample, err := os.ReadFile(filepath.Join(root, "docs", "golangci", ".custom-gcl.yml"))
	if err != nil {
		t.Fatal(err)
	}
	version := only(t, `(?m)^version: (v\S+)$`, string(sample))
	// The version of the plugin is the one thing that must be replaced.
	local := strings.Replace(string(sample), only(t, `(?m)^ +(version: .*)$`, string(sample)), "path: "+root, 1)

	kept := filepath.Join(cacheDir(t), fmt.Sprintf("custom-gcl-%.8x%s", sha256.Sum256([]byte(root)), exe(t, root)))
	key := local + scripttest.Output(t, root, nil, "go", "list", "-export", "-f", "{{.BuildID}}", "./plugin/golangci")
	if have, err := os.ReadFile(kept + ".key"); err == nil && string(have) == key {
		if _, err := os.Stat(kept); err == nil {
			return kept
		}
	}

	env := slices.Concat(goEnv, repository(t, version))
	golangci := released(t, root, version)
	dir, err := os.MkdirTemp(cacheDir(t), "build-") // a rename away from where the program is kept
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	writeFile(t, filepath.Join(dir, ".custom-gcl.yml"), local)
	scripttest.Output(t, dir, env, golangci, "custom", "-v")
	if err := os.Rename(filepath.Join(dir, "custom-gcl"+exe(t, root)), kept); err != nil {
		t.Fatal(err)
	}
	writeFile(t, kept+".key", key)
	return kept
}

// module is golangci-lint.
const module = "github.com/golangci/golangci-lint/v2"

// goEnv has both builds share what they can in the go command's cache, and
// keeps this repository's workspace out of them.
var goEnv = []string{"GOWORK=off", "GOFLAGS=-trimpath"}

// released returns golangci-lint as go install makes it of a release.
func released(t *testing.T, root, version string) string {
	t.Helper()
	dir := filepath.Join(cacheDir(t), "golangci-lint-"+version+"-"+scripttest.Output(t, root, nil, "go", "env", "GOVERSION"))
	program := filepath.Join(dir, "golangci-lint"+exe(t, root))
	if _, err := os.Stat(program); err != nil {
		scripttest.Output(t, t.TempDir(), slices.Concat(goEnv, []string{"GOBIN=" + dir}), "go", "install", module+"/cmd/golangci-lint@"+version)
	}
	return program
}

// repository makes a git repository of a release, as the module proxy has it,
// and returns the environment in which git takes it for the one on GitHub,
// which `golangci-lint custom` clones. Without a module proxy in reach the test
// is skipped.
func repository(t *testing.T, version string) []string {
	t.Helper()
	dir := t.TempDir()
	var source struct{ Dir, Error string }
	cmd := exec.Command("go", "mod", "download", "-json", module+"@"+version)
	cmd.Dir, cmd.Env = dir, slices.Concat(os.Environ(), goEnv)
	out, err := cmd.Output()
	if jsonErr := json.Unmarshal(out, &source); jsonErr != nil {
		t.Fatalf("%s: %v\n%s", cmd, jsonErr, out)
	}
	if err != nil {
		if outOfReach.MatchString(source.Error) {
			t.Skipf("SKIPPED, NOTHING WAS TESTED: no module proxy is in reach to build golangci-lint from: %s", source.Error)
		}
		t.Fatalf("%s: %s", cmd, source.Error)
	}
	if err := os.CopyFS(dir, os.DirFS(source.Dir)); err != nil {
		t.Fatal(err)
	}
	scripttest.Commit(t, dir, version)
	return []string{
		"GIT_CONFIG_COUNT=1",
		"GIT_CONFIG_KEY_0=url.file://" + filepath.ToSlash(dir) + ".insteadOf",
		"GIT_CONFIG_VALUE_0=https://github.com/golangci/golangci-lint.git",
	}
}

// outOfReach distinguishes a network that does not work from an error of the proxy.
var outOfReach = regexp.MustCompile(`dial tcp|no such host|i/o timeout|handshake timeout|connection (refused|reset)|network is unreachable|proxyconnect|disabled by GOPROXY=off`)

// cacheDir returns where the programs are kept between runs.
func cacheDir(t *testing.T) string {
	t.Helper()
	user, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(user, "toctou-e2e")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	return dir
}

// exe returns how the names of programs end.
func exe(t *testing.T, root string) string {
	t.Helper()
	return scripttest.Output(t, root, nil, "go", "env", "GOEXE")
}

// only returns the part of the text that the first group of the expression
// matches.
func only(t *testing.T, expr, text string) string {
	t.Helper()
	found := regexp.MustCompile(expr).FindAllStringSubmatch(text, -1)
	if len(found) != 1 {
		t.Fatalf("%d matches of %s in\n%s", len(found), expr, text)
	}
	return found[0][1]
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
