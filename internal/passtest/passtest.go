// Package passtest has what the tests of the passes have in common.
package passtest

import (
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/edcacfbd/toctou/internal/env"
	"github.com/edcacfbd/toctou/internal/pass"
	"github.com/edcacfbd/toctou/internal/settings"
)

// Suite returns a suite with the settings, which does not recover from panics.
func Suite(s settings.Settings) *pass.Suite {
	return pass.NewSuite(&s, &env.Env{Fatal: true})
}

// Run compares what a pass reports by default on packages of its test data with
// their want comments.
func Run(t *testing.T, newPass func(*pass.Suite) *analysis.Analyzer, pkgs ...string) {
	t.Helper()
	analysistest.Run(t, analysistest.TestData(), newPass(Suite(settings.Settings{})), pkgs...)
}

// RunStrict is Run in strict mode. It checks that the shared setting and the
// pass's own flag do the same.
func RunStrict(t *testing.T, newPass func(*pass.Suite) *analysis.Analyzer, pkgs ...string) {
	t.Helper()
	data := analysistest.TestData()
	analysistest.Run(t, data, newPass(Suite(settings.Settings{Strict: true})), pkgs...)

	own := newPass(Suite(settings.Settings{}))
	if err := own.Flags.Set("strict", "true"); err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, data, own, pkgs...)
}
