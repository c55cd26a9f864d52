// What is opened is another path: the variable was assigned in between.
package benign

import (
	"os"
	"path/filepath"
)

func themed(dir, name string) ([]byte, error) {
	path := filepath.Join(dir, name)
	if _, err := os.Stat(path); err == nil {
		return nil, nil
	}
	path = filepath.Join(dir, "default")
	return os.ReadFile(path)
}

func writeNext(path string, data []byte) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	path += ".part"
	return os.WriteFile(path, data, 0o644)
}
