// The same name is put together twice.
package races

import (
	"fmt"
	"os"
)

func markDone(path string, id int) error {
	if _, err := os.Stat(path + ".done"); err == nil {
		return nil
	}
	if err := os.WriteFile(path+".done", nil, 0o644); err != nil { // want `existscreate: os.WriteFile truncates`
		return err
	}
	if _, err := os.Stat(fmt.Sprintf("%s.%d", path, id)); err == nil {
		return nil
	}
	return os.WriteFile(fmt.Sprintf("%s.%d", path, id), nil, 0o644) // want `existscreate: os.WriteFile truncates`
}
