package lostupdate_test

import (
	"testing"

	"github.com/edcacfbd/toctou/internal/passtest"
	"github.com/edcacfbd/toctou/passes/lostupdate"
)

// Test checks that nothing is reported without strict mode.
func Test(t *testing.T) {
	passtest.Run(t, lostupdate.New, "a")
}

// TestStrict checks that the pass's own flag and the shared setting do the same.
func TestStrict(t *testing.T) {
	passtest.RunStrict(t, lostupdate.New, "strict", "consumer", "flocked")
}
