// The rename replaces what the check has refused to replace.
package races

import (
	"fmt"
	"os"
)

func rename(old, new string) error {
	if _, err := os.Stat(new); err == nil {
		return fmt.Errorf("%s already exists", new)
	}
	return os.Rename(old, new) // want `existscreate: os.Rename replaces a file that another process creates after the os.Stat on line 10`
}
