// The name was the program's own until the file was removed.
package races

import "os"

func reserve() (*os.File, error) {
	f, err := os.CreateTemp("", "app-*.db")
	if err != nil {
		return nil, err
	}
	name := f.Name()
	f.Close()
	os.Remove(name)
	return os.Create(name) // want `tempname: os.Create reuses the name that the os.Remove on line 13 freed`
}
