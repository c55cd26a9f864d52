// The history is read, extended and written over the old one.
package races

import (
	"os"
	"path/filepath"
	"strings"
)

func remember(line string) error {
	home, err := os.UserHomeDir()
	if err != nil {
		return err
	}
	history := filepath.Join(home, ".calc_history")
	old, err := os.ReadFile(history)
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	lines := append(strings.Split(string(old), "\n"), line)
	return os.WriteFile(history, []byte(strings.Join(lines, "\n")), 0o600) // want `tornwrite: os.WriteFile truncates the file before it writes`
}
