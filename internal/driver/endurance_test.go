//go:build endurance && linux

package driver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/edcacfbd/toctou/internal/output"
)

// What is too much: the cost of one package in processor time, against that of
// parsing and type-checking it, and the time on the clock after which a pass is
// taken to hang.
const (
	tooOften = 10
	tooLong  = 4 * time.Minute

	// negligible is what a package may cost in any case: below that, the clock
	// and the collector are measured.
	negligible = 50 * time.Millisecond
)

// TestEndurance runs all passes in strict mode over all packages of the modules
// in the directories that TOCTOU_DIRS lists, separated by colons. A panic is
// fatal, a hang too; no package may cost much more than reading it; and a second
// run on one processor, the packages in another order, must say the same.
//
// GOROOT/src may be one of them: packages there are passed over otherwise.
//
//	TOCTOU_DIRS=DIR:DIR... go test -tags=endurance -timeout=0 -v -run=Endurance ./internal/driver
//
// TOCTOU_FINDINGS names a file to which what is found by default is appended.
func TestEndurance(t *testing.T) {
	dirs := filepath.SplitList(os.Getenv("TOCTOU_DIRS"))
	if len(dirs) == 0 {
		t.Fatal("TOCTOU_DIRS lists no directories")
	}
	debug.SetTraceback("all") // of a hang, where
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			if goroot := build.Default.GOROOT; strings.HasPrefix(dir, goroot) {
				defer func() { build.Default.GOROOT = goroot }()
				build.Default.GOROOT = ""
			}
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(max(4, runtime.NumCPU())))
			first := endure(t, dir, nil)
			runtime.GOMAXPROCS(1)
			second := endure(t, dir, rand.Shuffle)
			if !bytes.Equal(first, second) {
				t.Errorf("two runs differ:\n%s", firstDifference(first, second))
			}
			if name := os.Getenv("TOCTOU_FINDINGS"); name != "" {
				record(t, dir, name)
			}
		})
	}
}

// strictest returns the options with which the most is done.
func strictest() *options {
	o := newOptions()
	o.settings.Strict, o.settings.Generated = true, true
	o.settings.Tests = os.Getenv("TOCTOU_TESTS") != ""
	o.env.Fatal = true
	o.settings.Helper = "always"
	return o
}

// costAlone returns what the analyzers cost on one package of a module, with no
// other in memory.
func costAlone(t *testing.T, dir string, pkg *packages.Package) time.Duration {
	o := strictest()
	costs := meter(o.analyzers)
	listed, err := o.list(dir, []string{pkg.PkgPath}, "")
	if err != nil {
		t.Fatal(err)
	}
	most := time.Duration(0) // a package and its test variant
	for _, alone := range listed.analyze(o).packages {
		most = max(most, costs.of(alone.Types))
	}
	return most
}

// endure analyses a module once, and returns all that is known of the findings.
func endure(t *testing.T, dir string, shuffle func(int, func(i, j int))) []byte {
	o := strictest()
	costs := meter(o.analyzers)
	listed, err := o.list(dir, []string{"./..."}, "")
	if err != nil {
		t.Skipf("cannot be loaded: %v", err)
	}
	if shuffle != nil {
		listed.program.Shuffle(shuffle)
	}
	result := listed.analyze(o)
	for _, err := range result.errors {
		t.Error(err)
	}
	findings := result.findings
	if shuffle != nil { // the second run: what is set up once was so in the first
		var files int
		var worst float64
		var where string
		for _, pkg := range result.packages {
			files += len(pkg.CompiledGoFiles)
			floor := costOf(func() { readAgain(t, pkg) })
			cost := costs.of(pkg.Types)
			if cost <= negligible {
				continue
			}
			ratio := float64(cost+floor) / float64(floor)
			if ratio > tooOften { // the garbage of others may have been collected on its time
				cost, floor = min(cost, costAlone(t, dir, pkg)), max(floor, costOf(func() { readAgain(t, pkg) }))
				ratio = float64(cost+floor) / float64(floor)
			}
			if ratio > worst {
				worst, where = ratio, pkg.ID
			}
			if ratio > tooOften {
				t.Errorf("%s: %v, where reading it takes %v", pkg.ID, cost, floor)
			}
		}
		stats := new(bytes.Buffer)
		printStats(stats, "", &o.env.Stats)
		t.Logf("%d packages, %d files, %d findings, %d problems; the dearest package %.1f times the floor (%s)\n%s",
			len(result.packages), files, len(findings), len(result.problems), worst, where, stats)
	}
	var b bytes.Buffer
	if err := output.Write(&b, "json", &output.Report{Findings: findings, Problems: slices.Sorted(slices.Values(result.problems)), Root: dir}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// record appends what is found by default to a file.
func record(t *testing.T, dir, name string) {
	var out, errs bytes.Buffer
	p := &program{stdout: &out, stderr: &errs}
	p.command([]string{"-C", dir, "-format=text", "./..."})
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for line := range strings.Lines(out.String()) {
		fmt.Fprintf(f, "%s: %s", filepath.Base(dir), line)
	}
}

// firstDifference shows where two texts begin to differ.
func firstDifference(a, b []byte) string {
	var indented [2]bytes.Buffer
	json.Indent(&indented[0], a, "", " ")
	json.Indent(&indented[1], b, "", " ")
	x, y := strings.Split(indented[0].String(), "\n"), strings.Split(indented[1].String(), "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			from := max(0, i-8)
			return strings.Join(x[from:min(len(x), i+8)], "\n") + "\n---\n" + strings.Join(y[from:min(len(y), i+8)], "\n")
		}
	}
	return fmt.Sprintf("%d lines and %d", len(x), len(y))
}

// costs checks what the analyzers have cost, by package.
type costs struct {
	mu  sync.Mutex
	sum map[*types.Package]time.Duration
}

func (c *costs) of(pkg *types.Package) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sum[pkg]
}

// meter has the analyzers, and those that they require, note what they cost, and
// ends the test if one hangs.
func meter(analyzers []*analysis.Analyzer) *costs {
	c := &costs{sum: make(map[*types.Package]time.Duration)}
	seen := make(map[*analysis.Analyzer]bool)
	var visit func(a *analysis.Analyzer)
	visit = func(a *analysis.Analyzer) {
		if seen[a] {
			return
		}
		seen[a] = true
		for _, r := range a.Requires {
			visit(r)
		}
		run := a.Run
		a.Run = func(pass *analysis.Pass) (res any, err error) {
			hangs := time.AfterFunc(tooLong, func() {
				panic(fmt.Sprintf("%s hangs in %s", a.Name, pass.Pkg.Path()))
			})
			defer hangs.Stop()
			cost := costOf(func() { res, err = run(pass) })
			c.mu.Lock()
			c.sum[pass.Pkg] += cost
			c.mu.Unlock()
			return res, err
		}
	}
	for _, a := range analyzers {
		visit(a)
	}
	return c
}

// costOf returns the processor time that work takes.
func costOf(work func()) time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	before := threadTime()
	work()
	return threadTime() - before
}

// threadTime is the processor time that the thread has had.
func threadTime() time.Duration {
	const thisThread = 1 // RUSAGE_THREAD
	var usage syscall.Rusage
	if err := syscall.Getrusage(thisThread, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// readAgain parses and type-checks a package.
func readAgain(t *testing.T, pkg *packages.Package) {
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range pkg.CompiledGoFiles {
		file, err := parser.ParseFile(fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Log(err)
			return
		}
		files = append(files, file)
	}
	conf := types.Config{Importer: importedBy{pkg.Types}, Sizes: pkg.TypesSizes, Error: func(error) {}}
	conf.Check(pkg.PkgPath, fset, files, &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue),
		Defs:  make(map[*ast.Ident]types.Object),
		Uses:  make(map[*ast.Ident]types.Object),
	})
}

// importedBy imports what a package that is loaded already has imported.
type importedBy struct{ *types.Package }

func (i importedBy) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	for _, imp := range i.Imports() {
		if imp.Path() == path || strings.HasSuffix(imp.Path(), "vendor/"+path) {
			return imp, nil
		}
	}
	return nil, fmt.Errorf("%s is not imported", path)
}
