// What is read and what is written have nothing in common but that both lie in
// some directory.
package benign

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
)

func prettify(src, dst, name string) error {
	data, err := os.ReadFile(filepath.Join(src, name))
	if err != nil {
		return err
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, data, "", "\t"); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dst, name), pretty.Bytes(), 0o644)
}
