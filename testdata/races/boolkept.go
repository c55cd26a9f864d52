// The answer is kept in a variable and used much later.
package races

import (
	"errors"
	"io/fs"
	"os"
	"time"
)

func openLedger(path string, header func(time.Time) []byte) (*os.File, error) {
	_, err := os.Stat(path)
	missing := errors.Is(err, fs.ErrNotExist)
	if err != nil && !missing {
		return nil, err
	}
	now := time.Now()
	head := header(now)
	if missing {
		if err := os.WriteFile(path, head, 0o600); err != nil { // want `existscreate: os.WriteFile truncates`
			return nil, err
		}
	}
	return os.OpenFile(path, os.O_RDWR|os.O_APPEND, 0)
}
