// No file is success, one that vanishes is an error: the open alone should
// tell.
package races

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
)

type settings struct {
	Listen string
	Peers  []string
}

func loadSettings(path string) (*settings, error) {
	s := &settings{Listen: ":8080"}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	data, err := os.ReadFile(path) // want `statopen: os.ReadFile fails if another process removes the file after the os.Stat on line 19`
	if err != nil {
		return nil, err
	}
	return s, json.Unmarshal(data, s)
}
