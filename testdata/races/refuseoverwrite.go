// The command promises not to overwrite, unless it is forced to.
package races

import (
	"fmt"
	"os"
)

func exportTo(path string, data []byte, force bool) error {
	if !force {
		if _, err := os.Stat(path); err == nil {
			return fmt.Errorf("%s exists, use -force to overwrite it", path)
		}
	}
	return os.WriteFile(path, data, 0o644) // want `existscreate: os.WriteFile truncates`
}
