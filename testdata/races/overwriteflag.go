// Without the flag it promises not to overwrite, and truncates what has
// appeared since.
package races

import (
	"fmt"
	"os"
)

func scaffold(path string, text []byte, force bool) error {
	if _, err := os.Stat(path); err == nil && !force {
		return fmt.Errorf("%s exists", path)
	}
	return os.WriteFile(path, text, 0o644) // want `existscreate: os.WriteFile truncates`
}
