package statopen_test

import (
	"fmt"
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

// TestKnown holds that what we know to miss is still missed: what is found is
// to be moved from package known to its neighbours.
func TestKnown(t *testing.T) {
	const missed = 2
	var p problems
	analysistest.Run(&p, analysistest.TestData(), statopen.New(passtest.Suite(settings.Settings{})), "known")
	if len(p) != missed {
		t.Errorf("%d findings are missed, not %d: %q", len(p), missed, p)
	}
}

// problems collects what analysistest finds wrong.
type problems []string

func (p *problems) Errorf(format string, args ...any) {
	*p = append(*p, fmt.Sprintf(format, args...))
}

// TestFacts holds what the producer tells the consumer.
func TestFacts(t *testing.T) {
	facts := pathops.New(&settings.Settings{}, &env.Env{Fatal: true})
	analysistest.Run(t, analysistest.TestData(), facts, "checks")
}

// TestWithoutFacts holds that nothing is seen through a function of another
// package if facts are switched off, and what needs none still is.
func TestWithoutFacts(t *testing.T) {
	pass := statopen.New(passtest.Suite(settings.Settings{NoFacts: true}))
	analysistest.Run(t, analysistest.TestData(), pass, "a", "nofacts")
}

// TestStrict checks that the pass's own flag and the shared setting do the same.
func TestStrict(t *testing.T) {
	passtest.RunStrict(t, statopen.New, "strict")
}
