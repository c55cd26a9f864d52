package writechmod_test

import (
	"testing"

	"github.com/edcacfbd/toctou/internal/passtest"
	"github.com/edcacfbd/toctou/passes/writechmod"
)

func Test(t *testing.T) {
	passtest.Run(t, writechmod.New, "a")
}

// TestStrict checks that the pass's own flag and the shared setting do the same.
func TestStrict(t *testing.T) {
	passtest.RunStrict(t, writechmod.New, "strict")
}
