// A missing socket is fine, one that vanishes before the connection is a failure.
package races

import (
	"errors"
	"io/fs"
	"net"
	"os"
)

func helperConn(path string) (net.Conn, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return net.Dial("unix", path) // want `checkact: net.Dial fails if another process removes the file after the os.Stat on line 12`
}
