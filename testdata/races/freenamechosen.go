// A name is kept in a variable until no file has it, in a loop that the first check may
// lead past. A file that never has the name of the check is in benign/freenamechosen.go.
package races

import (
	"fmt"
	"os"
	"path/filepath"
)

func hasName(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// The loop is left with a name that no file has; the first check leads past it.
func keepUpload(dir, base string, data []byte) error {
	name := base
	taken := hasName(filepath.Join(dir, name))
	for n := 1; taken; n++ {
		name = fmt.Sprintf("%s-%d", base, n)
		taken = hasName(filepath.Join(dir, name))
	}
	return os.WriteFile(filepath.Join(dir, name), data, 0o644) // want `existscreate: os.WriteFile truncates a file that another process creates after the hasName \(os.Stat\) on line 22`
}
