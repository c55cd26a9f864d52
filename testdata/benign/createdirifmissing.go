// The directory is made if it is missing; listing it says what goes wrong.
package benign

import "os"

func listPlugins(dir string) ([]os.DirEntry, error) {
	if _, err := os.Stat(dir); os.IsNotExist(err) {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, err
		}
	}
	return os.ReadDir(dir)
}
