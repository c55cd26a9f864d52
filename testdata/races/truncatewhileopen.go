// What is cut off may be another file than the one that is written to.
package races

import "os"

func overwriteFrom(path string, offset int64, data []byte) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.WriteAt(data, offset); err != nil {
		return err
	}
	return os.Truncate(path, offset+int64(len(data))) // want `pathreuse: os.Truncate looks up the path again`
}
