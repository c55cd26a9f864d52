// A device is demanded, and opened without being made; or what is there is only named in a
// message. A method that refuses what is there makes the file itself, so that the others
// write to its own. The races are in races/onlyadevice.go.
package benign

import (
	"errors"
	"log"
	"os"
)

func intoDevice(path string) (*os.File, error) {
	fi, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if fi.Mode()&os.ModeDevice == 0 {
		return nil, errors.New("no device")
	}
	return os.OpenFile(path, os.O_WRONLY, 0)
}

func wherever(path string, data []byte) error {
	if fi, err := os.Stat(path); err == nil && fi.Mode()&os.ModeDevice == 0 {
		log.Print("no device")
	}
	return os.WriteFile(path, data, 0o644)
}

type notebook struct{ path string }

// Begin makes the file, exclusively.
func (n *notebook) Begin() error {
	f, err := os.OpenFile(n.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	return f.Close()
}

// Write fills it.
func (n *notebook) Write(data []byte) error {
	f, err := os.OpenFile(n.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}
