package statopen_test

import (
	"fmt"
	"go/ast"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/edcacfbd/toctou/internal/env"
	"github.com/edcacfbd/toctou/internal/passtest"
	"github.com/edcacfbd/toctou/internal/pathops"
	"github.com/edcacfbd/toctou/internal/settings"
	"github.com/edcacfbd/toctou/passes/statopen"
)

func Test(t *testing.T) {
	passtest.Run(t, statopen.New, "a", "consumer", "generic")
}

// TestKnown checks that what we know to miss is still missed: what is found is
// to be moved from package known to the packages beside it.
func TestKnown(t *testing.T) {
	missed := []string{"theirMethods", "theirField"}
	var p problems
	results := analysistest.Run(&p, analysistest.TestData(), statopen.New(passtest.Suite(settings.Settings{})), "known")
	for _, f := range results[0].Pass.Files {
		for _, decl := range f.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			from, to := results[0].Pass.Fset.Position(fn.Pos()).Line, results[0].Pass.Fset.Position(fn.End()).Line
			got := slices.ContainsFunc(p, func(problem string) bool {
				m := regexp.MustCompile(`\.go:(\d+):`).FindStringSubmatch(problem)
				if m == nil {
					return false
				}
				line, _ := strconv.Atoi(m[1])
				return from <= line && line <= to
			})
			if want := slices.Contains(missed, fn.Name.Name); got != want {
				t.Errorf("%s: missed = %t, want %t", fn.Name.Name, got, want)
			}
		}
	}
	if len(p) != len(missed) {
		t.Errorf("%d findings are missed, not %d: %q", len(p), len(missed), p)
	}
}

// problems collects what analysistest finds wrong.
type problems []string

func (p *problems) Errorf(format string, args ...any) {
	*p = append(*p, fmt.Sprintf(format, args...))
}

// TestFacts checks the facts that the producer has for the consumer.
func TestFacts(t *testing.T) {
	facts := pathops.New(&settings.Settings{}, &env.Env{Fatal: true})
	analysistest.Run(t, analysistest.TestData(), facts, "checks")
}

// TestWithoutFacts checks that nothing is seen through a function of another
// package if facts are switched off, and what needs none still is.
func TestWithoutFacts(t *testing.T) {
	pass := statopen.New(passtest.Suite(settings.Settings{NoFacts: true}))
	analysistest.Run(t, analysistest.TestData(), pass, "a", "nofacts")
}

// TestStrict checks that the pass's own flag and the shared setting do the same.
func TestStrict(t *testing.T) {
	passtest.RunStrict(t, statopen.New, "strict")
}
