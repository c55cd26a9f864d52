// The temporary is closed and removed: only its name is kept, and used again.
package races

import (
	"net"
	"os"
)

func freeSocket() (net.Listener, error) {
	f, err := os.CreateTemp("", "app-*.sock")
	if err != nil {
		return nil, err
	}
	path := f.Name()
	if err := f.Close(); err != nil {
		return nil, err
	}
	if err := os.Remove(path); err != nil {
		return nil, err
	}
	return net.Listen("unix", path) // want `tempname: net.Listen reuses the name that the os.Remove on line 18 freed`
}

func freeDir() (string, error) {
	dir, err := os.MkdirTemp("", "app-*")
	if err != nil {
		return "", err
	}
	if err := os.RemoveAll(dir); err != nil {
		return "", err
	}
	return dir, os.MkdirAll(dir, 0o755) // want `tempname: os.MkdirAll reuses the name that the os.RemoveAll on line 29 freed`
}
