// The shared temporary directory is a choice on another system alone: a constant
// decides, and here nothing is ever written there.
package benign

import (
	"os"
	"path/filepath"
	"runtime"
)

func announce(address string) error {
	dir := "/data/agent"
	if runtime.GOOS == "plan9" {
		dir = os.TempDir()
	}
	return os.WriteFile(filepath.Join(dir, "agent.address"), []byte(address), 0o644)
}
