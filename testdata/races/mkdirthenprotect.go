// Whoever enters the directory in between stays in.
package races

import "os"

func secretDir(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.Chmod(dir, 0o700) // want `writechmod: os.Chmod comes late: .* the os.MkdirAll on line 7 created`
}
