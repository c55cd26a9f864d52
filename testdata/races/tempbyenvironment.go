// The environment chooses the directory, and the shared one is the default. A name that the
// program may be given is in races/strict/tempfallback.go.
package races

import (
	"os"
	"path/filepath"
)

func traceFile() string {
	if dir := os.Getenv("TRACE_DIR"); dir != "" {
		return filepath.Join(dir, "app.trace")
	}
	return filepath.Join(os.TempDir(), "app.trace")
}

func startTrace() (*os.File, error) {
	return os.Create(traceFile()) // want `tempname: os.Create uses a name in the shared temporary directory that other users can predict`
}
