// An open that is closed at once is a check.
package races

import "os"

func createUnlessThere(path string) (*os.File, error) {
	if f, err := os.Open(path); err == nil {
		f.Close()
		return nil, os.ErrExist
	}
	return os.Create(path) // want `existscreate: os.Create truncates a file that another process creates after the os.Open on line 7`
}
