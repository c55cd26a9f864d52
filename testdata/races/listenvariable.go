// The network is in a variable, but what gets a mode is a socket: until it has it,
// anybody may connect. The mode of the second comes from the settings, and may be
// narrower than that of the creation.
package races

import (
	"net"
	"os"
	"strings"
)

func listenOn(addr string) (net.Listener, error) {
	network := "tcp"
	if strings.HasPrefix(addr, "/") {
		network = "unix"
	}
	return net.Listen(network, addr)
}

func serveAt(addr string) (net.Listener, error) {
	l, err := listenOn(addr)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(addr, "/") {
		if err := os.Chmod(addr, 0o660); err != nil { // want `writechmod: os.Chmod comes late: .* the listenOn \(net.Listen\) on line 21 created`
			l.Close()
			return nil, err
		}
	}
	return l, nil
}

type socketSettings struct {
	path string
	mode os.FileMode
}

func (s socketSettings) listen() (net.Listener, error) {
	l, err := net.Listen("unix", s.path)
	if err != nil {
		return nil, err
	}
	return l, os.Chmod(s.path, s.mode) // want `writechmod: os.Chmod comes late: .* the net.Listen on line 40 created`
}
