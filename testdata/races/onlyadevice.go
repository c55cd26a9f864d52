// A device is demanded, and a regular file is made in its place if the device has gone. Who
// opens without making, or writes to whatever is there, is in benign/onlyadevice.go.
package races

import (
	"errors"
	"os"
)

func isPipe(path string) bool {
	fi, err := os.Stat(path)
	return err == nil && fi.Mode()&os.ModeNamedPipe != 0
}

func intoPipe(path string, data []byte) error {
	if !isPipe(path) {
		return errors.New("no pipe")
	}
	return os.WriteFile(path, data, 0o600) // want `statopen: os.WriteFile creates a regular file if another process removes the device, pipe or socket`
}

type tape struct{ device string }

// Check is called first.
func (t *tape) Check() error {
	fi, err := os.Stat(t.device)
	if err != nil {
		return err
	}
	if fi.Mode()&os.ModeCharDevice == 0 {
		return errors.New("no device")
	}
	return nil
}

// Rewind is called then.
func (t *tape) Rewind() error {
	f, err := os.Create(t.device) // want `statopen: os.Create creates a regular file if another process removes the device, pipe or socket`
	if err != nil {
		return err
	}
	return f.Close()
}

type exportRun struct{ path string }

// Validate refuses what is there.
func (e *exportRun) Validate() error {
	if _, err := os.Stat(e.path); err == nil {
		return errors.New("exists")
	}
	return nil
}

// Run writes.
func (e *exportRun) Run(data []byte) error {
	return os.WriteFile(e.path, data, 0o644) // want `existscreate: os.WriteFile truncates a file that another process creates`
}
