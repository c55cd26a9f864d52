// The file is locked while it is emptied and written, as its readers lock it: only a
// crash can leave it empty. In emptiedbyhandle.go a reader can see it as well.

//go:build unix

package races

import (
	"encoding/json"
	"io"
	"os"
	"syscall"
)

type lockedCounter struct{ statePath string }

func (c *lockedCounter) bump() error {
	f, err := os.OpenFile(c.statePath, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	counts := make(map[string]int)
	if err := json.NewDecoder(f).Decode(&counts); err != nil && err != io.EOF {
		return err
	}
	counts["runs"]++
	if err := f.Truncate(0); err != nil { // want `tornwrite: .*the lock keeps readers out, but a crash or a full disk leaves an empty or partial file`
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return json.NewEncoder(f).Encode(counts)
}
