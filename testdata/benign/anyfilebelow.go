// Whoever uses this reads and writes what they like below a directory: that one
// method reads does not make lasting files of what another one writes.
package benign

import (
	"os"
	"path/filepath"
)

type sandbox struct{ dir string }

func (s *sandbox) content(path string) ([]byte, error) {
	return os.ReadFile(filepath.Join(s.dir, path))
}

func (s *sandbox) create(configPath string, text string) error {
	return os.WriteFile(filepath.Join(s.dir, configPath), []byte(text), 0o644)
}
