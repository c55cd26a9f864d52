package toctouignore_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/report"
	"github.com/edcacfbd/toctou/passes/toctouignore"
)

func Test(t *testing.T) {
	pass := toctouignore.New(race.New(&report.Settings{Fatal: true}))
	analysistest.Run(t, analysistest.TestData(), pass, "a")
}
