// A deferred cleanup runs after everything else; its check and its removal
// decide nothing.
package benign

import (
	"os"
)

func withSocketDir(dir string, serve func(string) error) error {
	defer func() {
		if _, err := os.Stat(dir); err == nil {
			_ = os.RemoveAll(dir)
		}
	}()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return serve(dir)
}
