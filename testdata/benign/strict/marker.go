// The file's existence is the whole message: its content is constant or empty,
// and nobody reads it.
package benign

import (
	"os"
	"path/filepath"
)

func markerPath(name string) string {
	dir, _ := os.UserConfigDir()
	return filepath.Join(dir, "tour", name)
}

func markShown() {
	_ = os.WriteFile(markerPath("config-shown"), []byte("yes"), 0o600)
}

func markDone() error {
	f, err := os.Create(markerPath("state-done"))
	if err != nil {
		return err
	}
	return f.Close()
}

func shown() bool {
	_, err := os.Stat(markerPath("config-shown"))
	return err == nil
}
