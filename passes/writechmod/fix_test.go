package writechmod_test

import (
	"testing"

	"github.com/edcacfbd/toctou/internal/fixtest"
	"github.com/edcacfbd/toctou/passes/writechmod"
)

func TestFixes(t *testing.T) {
	fixtest.Run(t, writechmod.New, "always", "fix/helper", "fix/staged")
	fixtest.Run(t, writechmod.New, "never", "fix/mode", "fix/method", "fix/none")
	fixtest.RunCRLF(t, writechmod.New, "always", "fix/helper")
	fixtest.RunCRLF(t, writechmod.New, "never", "fix/mode")
}
