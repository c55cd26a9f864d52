// The name of a file that is handed in: its handle would do.
package races

import "os"

func cutOpen(f *os.File, size int64) error {
	return os.Truncate(f.Name(), size) // want `pathreuse: os.Truncate looks up the path again and may find a different file than the open one`
}
