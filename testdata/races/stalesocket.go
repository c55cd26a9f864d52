// Nobody answers, so the socket is taken for a dead one. Two processes that
// start at once both think so, and the second removes the socket of the first.
package races

import (
	"errors"
	"net"
	"os"
)

func serveOn(socket string) (net.Listener, error) {
	if conn, err := net.Dial("unix", socket); err == nil {
		conn.Close()
		return nil, errors.New("it is running already")
	}
	_ = os.Remove(socket) // want `checkact: os.Remove removes the socket of another process, which can start listening after the net.Dial on line 12`
	return net.Listen("unix", socket)
}
