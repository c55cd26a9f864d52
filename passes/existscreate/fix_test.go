package existscreate_test

import (
	"testing"

	"github.com/edcacfbd/toctou/internal/fixtest"
	"github.com/edcacfbd/toctou/passes/existscreate"
)

func TestFixes(t *testing.T) {
	fixtest.Run(t, existscreate.New, "always", "fix/write", "fix/staged", "fix/within", "fix/found")
	fixtest.RunStrict(t, existscreate.New, "always", "fix/removals") // a rename over what the check rejects
	fixtest.Run(t, existscreate.New, "never", "fix/std", "fix/claim", "fix/none")
	fixtest.RunCRLF(t, existscreate.New, "always", "fix/write")
	fixtest.RunCRLF(t, existscreate.New, "never", "fix/std")
}
