package tempname_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/edcacfbd/toctou/internal/passtest"
	"github.com/edcacfbd/toctou/internal/settings"
	"github.com/edcacfbd/toctou/passes/tempname"
)

func Test(t *testing.T) {
	pass := tempname.New(passtest.Suite(settings.Settings{Strict: true}))
	analysistest.Run(t, analysistest.TestData(), pass, "a", "handed")
}

// TestStrict checks that the pass's own flag and the shared setting do the same.
func TestStrict(t *testing.T) {
	passtest.RunStrict(t, tempname.New, "strict")
}
