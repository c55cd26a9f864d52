// Two processes both find no lock, and both have it.
package races

import (
	"errors"
	"os"
	"strconv"
)

var errLocked = errors.New("another run is in progress")

func acquire(lock string) error {
	if _, err := os.Stat(lock); err == nil {
		return errLocked
	}
	return os.WriteFile(lock, []byte(strconv.Itoa(os.Getpid())), 0o644) // want `existscreate: os.WriteFile truncates`
}
