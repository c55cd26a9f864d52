package helpersrc

import (
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/txtar"
)

// Read reads the files of the helper from its directory.
func Read(dir string) ([]txtar.File, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	var files []txtar.File
	for _, name := range append(names, filepath.Join(dir, "LICENSE")) {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files = append(files, txtar.File{Name: filepath.Base(name), Data: data})
	}
	return files, nil
}
