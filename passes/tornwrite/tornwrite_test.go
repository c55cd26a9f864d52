package tornwrite_test

import (
	"testing"

	"github.com/edcacfbd/toctou/internal/passtest"
	"github.com/edcacfbd/toctou/passes/tornwrite"
)

func Test(t *testing.T) {
	passtest.Run(t, tornwrite.New, "a", "silent", "elsewhere")
}

// TestStrict checks that the pass's own flag and the shared setting do the same.
func TestStrict(t *testing.T) {
	passtest.RunStrict(t, tornwrite.New, "strict")
}
