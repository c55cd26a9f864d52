// The name is asked about for a clear message, and then looked up beneath a
// root, which cannot be left.
package benign

import (
	"fmt"
	"os"
	"path/filepath"
)

func storeBeneath(root *os.Root, name string, data []byte) error {
	if !filepath.IsLocal(name) {
		return fmt.Errorf("%s: not in the directory", name)
	}
	return root.WriteFile(name, data, 0o600)
}
