package tornwrite_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/report"
	"github.com/edcacfbd/toctou/passes/tornwrite"
)

func Test(t *testing.T) {
	pass := tornwrite.New(race.New(&report.Settings{Fatal: true}))
	analysistest.Run(t, analysistest.TestData(), pass, "a", "silent", "elsewhere")
}

// TestStrict holds that the pass's own flag and the shared setting do the same.
func TestStrict(t *testing.T) {
	shared := tornwrite.New(race.New(&report.Settings{Fatal: true, Strict: true}))
	analysistest.Run(t, analysistest.TestData(), shared, "strict")

	own := tornwrite.New(race.New(&report.Settings{Fatal: true}))
	if err := own.Flags.Set("strict", "true"); err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, analysistest.TestData(), own, "strict")
}
