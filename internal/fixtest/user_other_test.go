//go:build !unix

package fixtest

import (
	"os/exec"
	"testing"
)

func unprivileged(*testing.T, *exec.Cmd) {}
