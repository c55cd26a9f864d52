package pathops_test

import (
	"fmt"
	"go/types"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/edcacfbd/toctou/internal/env"
	"github.com/edcacfbd/toctou/internal/pathops"
	"github.com/edcacfbd/toctou/internal/settings"
)

// TestSummaries checks the summaries of the functions of the test data.
func TestSummaries(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), pathops.New(new(settings.Settings), &env.Env{Fatal: true}), "summaries", "importer")
}

// unheard receives the facts that package ops does not want.
type unheard struct{}

func (unheard) Errorf(string, ...any) {}

// TestOps holds the operations of each function, as the floor above sees
// them, in the order of the source.
func TestOps(t *testing.T) {
	results := analysistest.Run(unheard{}, analysistest.TestData(), pathops.New(new(settings.Settings), &env.Env{Fatal: true}), "ops")
	got := make(map[string]string)
	for _, f := range results[0].Result.(*pathops.Result).Funcs {
		var ops []string
		for _, op := range f.Ops {
			text := fmt.Sprintf("%s(%s)", op.Name(), op.Path)
			for _, flag := range []struct {
				set  bool
				name string
			}{{op.Handle, "handle"}, {op.Deferred, "deferred"}, {op.Guarded, "guarded"}, {op.Opens, "opens"}, {op.Via != nil, "via"}} {
				if flag.set {
					text += " " + flag.name
				}
			}
			ops = append(ops, text)
		}
		got[f.Fn.Name()] = strings.Join(ops, ", ")
	}
	for name, want := range map[string]string{
		"byHandle":   `os.Open(path) opens, (*os.File).Stat(path) handle`,
		"closes":     `os.Stat(path) deferred, os.Open(path) opens`,
		"opener":     `os.Open(path) opens`,
		"opened":     `os.Open(path) opens via, os.Chmod(path)`,
		"checked":    `os.Stat(path), os.WriteFile(path)`,
		"twice":      `os.Stat(path), os.Stat(path) via, os.WriteFile(path) guarded via`,
		"rename":     `os.Rename(from), os.Rename(to)`,
		"concurrent": ``, // no order with what is here
		"socket":     `net.Listen(address)`,
		"network":    ``, // no path but an address
		"variadic":   `template.ParseFiles(a), template.ParseFiles(b)`,
		"literal":    `os.Stat(path), os.Create(path) opens`,
		"rounds":     `os.Remove(?t0[?t6]), os.Remove(a), os.Remove(b)`,
		"oneElement": `os.Remove(b)`,
		"mixed":      `afero.Exists(beneath(fs, name)), (afero.Fs).Remove(beneath(fs, name))`,
		"embedded":   `(afero.Afero).Exists(beneath(fs.Fs, name)), (afero.Fs).Remove(beneath(fs.Fs, name))`,
		"two":        `(*afero.BasePathFs).Stat(beneath(from, name)), (*afero.BasePathFs).Remove(beneath(to, name))`,
	} {
		if got[name] != want {
			t.Errorf("%s: %q, want %q", name, got[name], want)
		}
	}
}

// TestRecovered checks that a panic of ours is silence, and not the end of the
// run: here, over a driver that gives no types.
func TestRecovered(t *testing.T) {
	said := ""
	e := &env.Env{Debug: func(format string, args ...any) { said = fmt.Sprintf(format, args...) }}
	pass := &analysis.Pass{Pkg: types.NewPackage("example.com/p", "p")}
	res, err := pathops.New(new(settings.Settings), e).Run(pass)
	if err != nil {
		t.Fatal(err)
	}
	if r := res.(*pathops.Result); len(r.Funcs) != 0 {
		t.Errorf("%d functions found without types", len(r.Funcs))
	}
	if n := e.Stats.Recovered.Load(); n != 1 {
		t.Errorf("%d packages counted as given up, not 1", n)
	}
	if !strings.HasPrefix(said, "example.com/p: given up: ") {
		t.Errorf("debugging is told %q", said)
	}

	e.Fatal = true
	defer func() {
		if recover() == nil {
			t.Error("a panic is hidden from our tests")
		}
	}()
	pathops.New(new(settings.Settings), e).Run(pass)
}

// TestPrefilter checks that SSA is built only for packages that can touch a
// path.
func TestPrefilter(t *testing.T) {
	e := &env.Env{Fatal: true}
	analysistest.Run(t, analysistest.TestData(), pathops.New(new(settings.Settings), e), "pathless")
	if n := e.Stats.SSA.Load(); n != 0 {
		t.Errorf("SSA was built for %d packages, not 0", n)
	}
	analysistest.Run(unheard{}, analysistest.TestData(), pathops.New(new(settings.Settings), e), "ops")
	if n := e.Stats.SSA.Load(); n != 1 {
		t.Errorf("SSA was built for %d packages, not 1", n)
	}
}
