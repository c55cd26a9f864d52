// The second of two that start at once fails.
package races

import "os"

func userDir(path string) error {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		if err := os.Mkdir(path, 0o700); err != nil { // want `existscreate: os.Mkdir fails if another process creates the directory after the os.Stat on line 7`
			return err
		}
	}
	return nil
}
