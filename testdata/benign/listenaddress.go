// What gets a mode has nothing to do with the address that is listened on, and an
// address of TCP is no path.
package benign

import (
	"net"
	"os"
)

func listenWithKey(network, addr, key string) (net.Listener, error) {
	l, err := net.Listen(network, addr)
	if err != nil {
		return nil, err
	}
	return l, os.Chmod(key, 0o600)
}

func listenTCP(addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	return l, os.Chmod(addr, 0o600)
}
