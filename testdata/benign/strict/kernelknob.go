// A write to a file of the kernel is a command: nothing is truncated or stored.
// The path comes through a parameter.
package benign

import (
	"os"
	"path/filepath"
	"strings"
)

const queueDir = "/sys/block"

func setScheduler(disk, name string) error { return tuneQueue(queueDir, disk, name) }

func tuneQueue(base, disk, name string) error {
	file := filepath.Join(base, disk, "queue", "scheduler")
	old, err := os.ReadFile(file)
	if err != nil || strings.Contains(string(old), "["+name+"]") {
		return err
	}
	return os.WriteFile(file, []byte(name), 0o644)
}
