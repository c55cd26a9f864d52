// os.Create makes it for everybody, and it is filled before it is protected.
package races

import (
	"encoding/pem"
	"os"
)

func storeKey(path string, block *pem.Block) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := pem.Encode(f, block); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Chmod(path, 0o600) // want `writechmod: os.Chmod comes late: .* the os.Create on line 10 created`
}
