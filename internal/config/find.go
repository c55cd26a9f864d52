package config

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/edcacfbd/toctou/internal/reach"
)

// Name is what a settings file is called.
const Name = ".toctou.yml"

// Variable is the environment variable that names the settings file where no
// flag does. go vet has a flag's text in the key of its cache, but not the content
// of the file that it names. The tool reads the variable when the go command queries
// its version, and puts the content into that.
const Variable = "TOCTOU_CONFIG"

// None says, in place of a file, that no settings file is to be read.
const None = "none"

// Find returns the settings file of code in the directory dir: the one beside
// the module's go.mod, or else beside the workspace's go.work, or "". There is
// one for all of a module, so that what is reported does not depend on the
// working directory.
func Find(dir string) (string, error) {
	var roots []string
	for _, file := range []string{reach.Find(dir, "go.mod"), reach.Workspace(dir)} {
		if file != "" {
			roots = append(roots, filepath.Dir(file))
		}
	}
	if len(roots) > 0 {
		if err := stray(dir, roots[0]); err != nil {
			return "", err
		}
	}
	for _, root := range roots {
		if file := filepath.Join(root, Name); exists(file) {
			return file, nil
		}
	}
	return "", nil
}

// stray returns an error for a file that has nearly the name of a settings file, and is
// not read.
func stray(dir, root string) error {
	for _, wrong := range []string{".toctou.yaml", "toctou.yml", "toctou.yaml"} {
		if exists(filepath.Join(root, wrong)) {
			return fmt.Errorf("%s is not read: the settings file is named %s", filepath.Join(root, wrong), Name)
		}
	}
	for ; dir != root && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if file := filepath.Join(dir, Name); exists(file) {
			return fmt.Errorf("%s is not read: the settings file of a module is next to its go.mod, at %s", file, filepath.Join(root, Name))
		}
	}
	return nil
}

func exists(file string) bool {
	_, err := os.Lstat(file)
	return err == nil
}

// All returns the settings files that may apply in a run of go vet in the
// directory dir: those of all modules that the go command works on there.
func All(dir string) []string {
	if file := os.Getenv(Variable); file != "" {
		return []string{file}
	}
	var files []string
	add := func(dir string) {
		file, err := Find(dir)
		if err != nil {
			file = err.Error() // which then differs from what it was
		}
		if file != "" {
			files = append(files, file)
		}
	}
	add(dir)
	for _, root := range reach.Modules(dir) {
		add(root)
	}
	return files
}
