// The process that the lock names is gone. By the time of the removal another
// one may have taken the lock.
package races

import (
	"os"
	"strconv"
	"strings"
)

func takeOver(path string, running func(int) bool) (*os.File, error) {
	data, err := os.ReadFile(path)
	if err == nil {
		if pid, err := strconv.Atoi(strings.TrimSpace(string(data))); err != nil || !running(pid) {
			os.Remove(path) // want `checkact: os.Remove may remove a different file than the one that the os.ReadFile on line 12`
		}
	}
	return os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
}
