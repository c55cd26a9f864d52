package resolveopen_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/edcacfbd/toctou/internal/pathops"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/report"
	"github.com/edcacfbd/toctou/passes/resolveopen"
)

// TestSilent holds that package a is silent in strict mode, too.
func TestSilent(t *testing.T) {
	pass := resolveopen.New(race.New(&report.Settings{Fatal: true, Strict: true}))
	analysistest.Run(t, analysistest.TestData(), pass, "a")
}

// TestDefault holds that nothing is reported by default: too few findings have
// been read in real code.
func TestDefault(t *testing.T) {
	pass := resolveopen.New(race.New(&report.Settings{Fatal: true}))
	analysistest.Run(t, analysistest.TestData(), pass, "a", "silent")
}

// TestFacts holds what is told of a project's own guards.
func TestFacts(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), pathops.New(&report.Settings{Fatal: true}), "guards")
}

// TestStrict holds that the pass's own flag and the shared setting do the same.
func TestStrict(t *testing.T) {
	shared := resolveopen.New(race.New(&report.Settings{Fatal: true, Strict: true}))
	analysistest.Run(t, analysistest.TestData(), shared, "strict", "joined")

	own := resolveopen.New(race.New(&report.Settings{Fatal: true}))
	if err := own.Flags.Set("strict", "true"); err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, analysistest.TestData(), own, "strict")
}
