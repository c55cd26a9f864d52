// The file is read, and only then asked whether others may write to it: who may
// replace it has one file read and another one found right.
package races

import (
	"encoding/json"
	"fmt"
	"os"
)

type credentials struct{ Token string }

func onlyOurs(path string) error {
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("%s: others may read it", path)
	}
	return nil
}

func loadCredentials(path string) (*credentials, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if err := onlyOurs(path); err != nil { // want `pathreuse: onlyOurs \(os.Lstat\) may check a different file than the one that the os.ReadFile on line 25 used: check the open file, or check before the use`
		return nil, err
	}
	c := new(credentials)
	return c, json.Unmarshal(data, c)
}
