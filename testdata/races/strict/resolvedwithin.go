// The path is resolved and held against the directory, then written by name.
package races

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func saveWithin(root, name string, data []byte) error {
	real, err := filepath.EvalSymlinks(filepath.Join(root, name))
	if err != nil {
		return err
	}
	if !strings.HasPrefix(real, root+string(filepath.Separator)) {
		return fmt.Errorf("%s: outside", name)
	}
	return os.WriteFile(real, data, 0o600) // want `resolveopen: os.WriteFile follows a symbolic link out of the directory if one replaces .*a directory above .* after the strings.HasPrefix on line 16`
}
