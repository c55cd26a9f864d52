// Loaded if it is there, and an error if it vanishes; made in the other branch.
package races

import "os"

func loadOrInit(path string, seed []byte) ([]byte, error) {
	if _, err := os.Stat(path); err == nil {
		return os.ReadFile(path) // want `statopen: os.ReadFile fails if another process removes the file`
	} else if os.IsNotExist(err) {
		return seed, os.WriteFile(path, seed, 0o644) // want `existscreate: os.WriteFile truncates`
	} else {
		return nil, err
	}
}
