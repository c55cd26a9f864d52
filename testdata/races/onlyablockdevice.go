// The type is asked of the system's own metadata, and compared with a constant.
package races

import (
	"errors"
	"io/fs"
	"os"
)

func onlySocket(path string, data []byte) error {
	fi, err := os.Stat(path)
	if err != nil {
		return err
	}
	if fi.Mode().Type() != fs.ModeNamedPipe {
		return errors.New("no pipe")
	}
	return os.WriteFile(path, data, 0o600) // want `statopen: os.WriteFile creates a regular file if another process removes the device, pipe or socket`
}
