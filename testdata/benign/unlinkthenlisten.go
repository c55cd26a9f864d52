// An old socket is removed, and the new one is made by the kernel with the
// mode that the umask leaves; who takes the name meanwhile makes Listen fail.
package benign

import (
	"net"
	"os"
)

func listenAgain(path string) (net.Listener, error) {
	if _, err := os.Stat(path); err == nil {
		if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
			return nil, err
		}
	}
	return net.Listen("unix", path)
}
