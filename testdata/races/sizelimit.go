// The limit is asked of the path, and the whole of whatever is there by then
// is read.
package races

import (
	"fmt"
	"os"
)

const maxUpload = 1 << 20

func readUpload(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxUpload {
		return nil, fmt.Errorf("%s: more than %d bytes", path, maxUpload)
	}
	return os.ReadFile(path) // want `statopen: os.ReadFile may open a different file than the one whose size was checked by the os.Stat on line 13`
}
