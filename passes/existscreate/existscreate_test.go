package existscreate_test

import (
	"testing"

	"github.com/edcacfbd/toctou/internal/passtest"
	"github.com/edcacfbd/toctou/passes/existscreate"
)

func Test(t *testing.T) {
	passtest.Run(t, existscreate.New, "a", "consumer")
}

// TestStrict checks that the pass's own flag and the shared setting do the same.
func TestStrict(t *testing.T) {
	passtest.RunStrict(t, existscreate.New, "strict")
}
