package fdlife_test

import (
	"testing"

	"github.com/edcacfbd/toctou/internal/fixtest"
	"github.com/edcacfbd/toctou/passes/fdlife"
)

func TestFixes(t *testing.T) {
	fixtest.Run(t, fdlife.New, "never", "fix", "fix/none")
}
