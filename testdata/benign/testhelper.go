// A helper of tests: its directory belongs to one test, and a failure is one
// of the test's.
package benign

import (
	"os"
	"path/filepath"
	"testing"
)

// Golden returns the golden file of a test, and makes one where there is none.
func Golden(t *testing.T, dir string, got []byte) []byte {
	t.Helper()
	path := filepath.Join(dir, t.Name())
	if _, err := os.Stat(path); os.IsNotExist(err) {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return want
}
