package helpersrc

import (
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/txtar"
)

// Read reads the files of the helper from its directory, and its go.mod as the
// comment.
func Read(dir string) (*txtar.Archive, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	module, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return nil, err
	}
	archive := &txtar.Archive{Comment: module}
	for _, name := range append(names, filepath.Join(dir, "LICENSE")) {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		archive.Files = append(archive.Files, txtar.File{Name: filepath.Base(name), Data: data})
	}
	return archive, nil
}
