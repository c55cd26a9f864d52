// The path of a file of the kernel comes through parameters of functions that nobody else
// calls. What is written there is a command: no other writer's text is lost. The same code
// with a file of the disk is in races/kernelbycaller.go.
package strict

import (
	"os"
	"path/filepath"
)

func appendMask(add func(string) string) error {
	return masked("/proc/irq", add)
}

func masked(dir string, add func(string) string) error {
	return command(filepath.Join(dir, "default_smp_affinity"), add)
}

func command(file string, add func(string) string) error {
	old, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return os.WriteFile(file, []byte(add(string(old))), 0o644)
}
