// Every user of the machine knows the name, and may have put a link there.
package races

import (
	"os"
	"path/filepath"
)

func openLog() (*os.File, error) {
	name := filepath.Join(os.TempDir(), "app.log")
	return os.OpenFile(name, os.O_CREATE|os.O_WRONLY, 0o600) // want `tempname: os.OpenFile uses a name in the shared temporary directory that other users can predict: .* writes to`
}
