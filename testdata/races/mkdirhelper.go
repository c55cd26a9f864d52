// The session directory, made through a helper whose error ends the login.
package races

import (
	"fmt"
	"os"
	"path/filepath"
)

type server struct{ root string }

func (s *server) makeHome(user string) error {
	if err := os.Mkdir(filepath.Join(s.root, user), 0o700); err != nil {
		return fmt.Errorf("home of %s: %w", user, err)
	}
	return nil
}

func (s *server) login(user string) error {
	home := filepath.Join(s.root, user)
	if info, err := os.Stat(home); err == nil && info.IsDir() {
		return nil
	}
	return s.makeHome(user) // want `existscreate: makeHome \(os.Mkdir\) fails if another process creates the directory`
}
