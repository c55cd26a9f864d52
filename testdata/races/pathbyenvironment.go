// A function chooses a path by the environment, or by a field, and is called for the check
// and for the use. One that chooses by what is there is in benign/pathbyenvironment.go.
package races

import (
	"errors"
	"os"
	"path/filepath"
)

var errHasSecret = errors.New("there is a secret")

// secretPath chooses by the environment: the second call returns the path of the first.
func secretPath() string {
	if dir := os.Getenv("SECRET_DIR"); dir != "" {
		return filepath.Join(dir, "secret")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, ".secret")
}

func newSecret(secret []byte) error {
	if _, err := os.Stat(secretPath()); err == nil {
		return errHasSecret
	}
	return os.WriteFile(secretPath(), secret, 0o600) // want `existscreate: os.WriteFile truncates a file that another process creates after the os.Stat on line 26`
}

type place struct{ dir, name string }

// path chooses by a field, with a default.
func (p *place) path() string {
	dir := p.dir
	if dir == "" {
		dir = "/var/lib/place"
	}
	return filepath.Join(dir, p.name)
}

func (p *place) taken() bool {
	_, err := os.Stat(p.path())
	return err == nil
}

func (p *place) claim(owner []byte) error {
	if p.taken() {
		return errHasSecret
	}
	return os.WriteFile(p.path(), owner, 0o600) // want `existscreate: os.WriteFile truncates a file that another process creates after the taken \(os.Stat\) on line 49`
}
