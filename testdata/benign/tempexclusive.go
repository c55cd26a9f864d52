// A known name in the shared directory, but nothing that is there already is
// taken: no file of another user, and no link.
package benign

import (
	"os"
	"path/filepath"
)

func lockInTemp() (*os.File, error) {
	return os.OpenFile(filepath.Join(os.TempDir(), "app.lock"), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
}
