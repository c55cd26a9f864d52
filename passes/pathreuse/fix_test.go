package pathreuse_test

import (
	"testing"

	"github.com/edcacfbd/toctou/internal/fixtest"
	"github.com/edcacfbd/toctou/passes/pathreuse"
)

func TestFixes(t *testing.T) {
	fixtest.Run(t, pathreuse.New, "never", "fix")
	fixtest.RunCRLF(t, pathreuse.New, "never", "fix")
}
