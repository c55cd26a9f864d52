// The project's own guard looks for two dots in the name.
package races

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
)

var errOutside = errors.New("outside of the directory")

func checkName(name string) error {
	if strings.Contains(name, "..") || filepath.IsAbs(name) {
		return errOutside
	}
	return nil
}

func put(dir, name string, data []byte) error {
	if err := checkName(name); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, name), data, 0o600) // want `resolveopen: os.WriteFile follows symbolic links out of the directory, because the checkName .strings.Contains. on line 21 checks only the text of the path`
}

type jail struct{ root string }

func (j *jail) within(name string) (string, error) {
	path := filepath.Join(j.root, name)
	if !strings.HasPrefix(path, j.root+string(filepath.Separator)) {
		return "", errOutside
	}
	return path, nil
}

func (j *jail) put(name string, data []byte) error {
	path, err := j.within(name)
	if err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o600) // want `resolveopen: os.WriteFile follows symbolic links out of the directory, because the within .strings.HasPrefix. on line 38 checks only the text of the path`
}
