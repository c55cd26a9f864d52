// A function is called for the check and for the use, but returns another path, or may.
package benign

import (
	"errors"
	"os"
	"path/filepath"
)

var errPlaceTaken = errors.New("taken")

type chosenPlace struct{ dir, name string }

func (p *chosenPlace) path() string {
	dir := p.dir
	if dir == "" {
		dir = "/var/lib/place"
	}
	return filepath.Join(dir, p.name)
}

// The path that is written is another one: a part of it has changed since the check.
func (p *chosenPlace) claimNext(owner []byte) error {
	if _, err := os.Stat(p.path()); err == nil {
		return errPlaceTaken
	}
	p.name += ".next"
	return os.WriteFile(p.path(), owner, 0o600)
}

// foundPath chooses by what is there: its second result may be another path.
func foundPath(dir string) string {
	for _, name := range []string{"app.conf", ".app.conf"} {
		path := filepath.Join(dir, name)
		if _, err := os.Lstat(path); err == nil {
			return path
		}
	}
	return filepath.Join(dir, "default.conf")
}

func writeFound(dir string, text []byte) error {
	if _, err := os.Stat(foundPath(dir)); err == nil {
		return errPlaceTaken
	}
	return os.WriteFile(foundPath(dir), text, 0o600)
}
