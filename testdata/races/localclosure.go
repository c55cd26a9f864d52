// The check is a function literal of the same function.
package races

import "os"

func saveUnlessThere(path string, data []byte) error {
	there := func() bool {
		_, err := os.Stat(path)
		return err == nil
	}
	if there() {
		return nil
	}
	return os.WriteFile(path, data, 0o644) // want `existscreate: os.WriteFile truncates`
}
