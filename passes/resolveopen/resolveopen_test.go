package resolveopen_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/edcacfbd/toctou/internal/env"
	"github.com/edcacfbd/toctou/internal/passtest"
	"github.com/edcacfbd/toctou/internal/pathops"
	"github.com/edcacfbd/toctou/internal/settings"
	"github.com/edcacfbd/toctou/passes/resolveopen"
)

// TestSilent checks that package a is silent in strict mode, too.
func TestSilent(t *testing.T) {
	pass := resolveopen.New(passtest.Suite(settings.Settings{Strict: true}))
	analysistest.Run(t, analysistest.TestData(), pass, "a")
}

// TestDefault checks what is reported by default, and what is left to strict mode.
func TestDefault(t *testing.T) {
	passtest.Run(t, resolveopen.New, "a", "silent")
}

// TestFacts checks the facts about a project's own guards.
func TestFacts(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), pathops.New(&settings.Settings{}, &env.Env{Fatal: true}), "guards")
}

// TestStrict checks that the pass's own flag and the shared setting do the same.
func TestStrict(t *testing.T) {
	passtest.RunStrict(t, resolveopen.New, "strict", "joined")
}
