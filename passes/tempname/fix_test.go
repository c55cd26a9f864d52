package tempname_test

import (
	"testing"

	"github.com/edcacfbd/toctou/internal/fixtest"
	"github.com/edcacfbd/toctou/passes/tempname"
)

func TestFixes(t *testing.T) {
	fixtest.RunStrict(t, tempname.New, "never", "fix/temp", "fix/none")
}
