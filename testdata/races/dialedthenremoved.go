// Nobody answers, so the socket is removed. Another process may remove it first: it
// is gone then, as it is meant to be, and the program fails all the same.
package races

import (
	"fmt"
	"net"
	"os"
)

func clearSocket(path string) error {
	if _, err := os.Stat(path); err == nil {
		if _, err := net.Dial("unix", path); err == nil {
			return fmt.Errorf("somebody listens on %s", path)
		}
		if err := os.Remove(path); err != nil { // want `checkact: os.Remove fails if another process removes the file after the os.Stat on line 12`
			return err
		}
	}
	return nil
}
