package statopen_test

import (
	"testing"

	"github.com/edcacfbd/toctou/internal/fixtest"
	"github.com/edcacfbd/toctou/passes/statopen"
)

func TestFixes(t *testing.T) {
	fixtest.Run(t, statopen.New, "never", "fix/shapes", "fix/none")
	fixtest.RunCRLF(t, statopen.New, "never", "fix/shapes")
}
