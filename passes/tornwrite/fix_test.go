package tornwrite_test

import (
	"testing"

	"github.com/edcacfbd/toctou/internal/fixtest"
	"github.com/edcacfbd/toctou/passes/tornwrite"
)

func TestFixes(t *testing.T) {
	fixtest.Run(t, tornwrite.New, "always", "fix/write", "fix/imports", "fix/staged", "fix/words", "fix/kept", "fix/notstaged", "fix/removals", "fix/closes")
	fixtest.RunCRLF(t, tornwrite.New, "always", "fix/write")
}
