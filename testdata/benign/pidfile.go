// A pid file is of use only while the process lives, and the next one writes
// its own.
package benign

import (
	"os"
	"strconv"
)

const pidPath = "/run/agentd.pid"

func writePid() error {
	return os.WriteFile(pidPath, []byte(strconv.Itoa(os.Getpid())), 0o644)
}

func dropPid() { os.Remove(pidPath) }
