// The program is in place with the mode of the temporary; interrupted, the
// next run finds it there and does not mend it.
package races

import (
	"os"
	"path/filepath"
)

func upgrade(binary string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(binary), "upgrade-*")
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), binary); err != nil {
		return err
	}
	return os.Chmod(binary, 0o755) // want `writechmod: os.Chmod comes late: .* the os.Rename on line 22 created`
}
