package walkrace_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/edcacfbd/toctou/internal/passtest"
	"github.com/edcacfbd/toctou/internal/settings"
	"github.com/edcacfbd/toctou/passes/walkrace"
)

// TestSilent checks that package a is silent in strict mode, too.
func TestSilent(t *testing.T) {
	pass := walkrace.New(passtest.Suite(settings.Settings{Strict: true}))
	analysistest.Run(t, analysistest.TestData(), pass, "a")
}

// TestDefault checks that nothing is reported by default: too few findings have
// been read in real code.
func TestDefault(t *testing.T) {
	passtest.Run(t, walkrace.New, "a", "silent")
}

// TestStrict checks that the pass's own flag and the shared setting do the same.
func TestStrict(t *testing.T) {
	passtest.RunStrict(t, walkrace.New, "strict", "walkers")
}
