package checkact_test

import (
	"testing"

	"github.com/edcacfbd/toctou/internal/fixtest"
	"github.com/edcacfbd/toctou/passes/checkact"
)

func TestFixes(t *testing.T) {
	fixtest.Run(t, checkact.New, "never", "fix/removed", "fix/none")
	fixtest.RunCRLF(t, checkact.New, "never", "fix/removed")
}
