// Every user of the machine knows the name, and may have put a link there.
package races

import (
	"os"
	"path/filepath"
)

func openLog() (*os.File, error) {
	name := filepath.Join(os.TempDir(), "app.log")
	return os.OpenFile(name, os.O_CREATE|os.O_WRONLY, 0o600) // want `tempname: os.OpenFile writes to what another user has put under a name in the shared temporary directory`
}
