package statopen_test

import (
	"testing"

	"github.com/edcacfbd/toctou/internal/fixtest"
	"github.com/edcacfbd/toctou/passes/statopen"
)

func TestFixes(t *testing.T) {
	fixtest.Run(t, statopen.New, "never", "fix/shapes", "fix/skipped", "fix/askedstd", "fix/errorspkg", "fix/none")
	fixtest.Run(t, statopen.New, "always", "fix/asked", "fix/none")
	fixtest.RunCRLF(t, statopen.New, "never", "fix/shapes")
	fixtest.RunCRLF(t, statopen.New, "always", "fix/asked")
}
