// A helper looks, and has somebody else decide where there is something; where there is
// nothing nobody is asked. A helper that decides by the file alone is in
// benign/promptedbyhelper.go.
package races

import (
	"os"
	"path/filepath"
)

type terminal interface{ Confirm(question string) bool }

func mayReplace(t terminal, path string) (bool, error) {
	_, err := os.Stat(path)
	switch {
	case os.IsNotExist(err):
		return true, nil
	case err != nil:
		return false, err
	}
	return t.Confirm("replace " + filepath.Base(path) + "?"), nil
}

func exportAsked(t terminal, path string, data []byte) error {
	if ok, err := mayReplace(t, path); err != nil || !ok {
		return err
	}
	return os.WriteFile(path, data, 0o644) // want `existscreate: os.WriteFile truncates a file that another process creates`
}
