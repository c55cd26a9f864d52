// A counter is no secret: after the first name the next one is known.
package races

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

var dumps int

func dumpNext(data []byte) error {
	dumps++
	return os.WriteFile(fmt.Sprintf("/tmp/app-%d.dump", dumps), data, 0o600) // want `tempname: os.WriteFile uses a name in the shared temporary directory that other users can predict: .* truncates`
}

func dumpNow(data []byte) error {
	name := filepath.Join(os.TempDir(), "app-"+strconv.FormatInt(time.Now().UnixNano(), 36))
	return os.WriteFile(name, data, 0o600) // want `tempname: os.WriteFile uses a name in the shared temporary directory that other users can predict: .* truncates`
}

// A helper makes the whole name.
func scratchName() string { return filepath.Join(os.TempDir(), "app.scratch") }

func scratch() (*os.File, error) {
	return os.Create(scratchName()) // want `tempname: os.Create uses a name in the shared temporary directory that other users can predict: .* truncates`
}
