// In each round the variable names another file.
package benign

import "os"

func firstMissing(paths []string) error {
	var missing string
	for _, path := range paths {
		if _, err := os.Stat(path); err != nil {
			missing = path
		}
	}
	for _, path := range paths {
		if path == missing {
			continue
		}
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			return err
		}
	}
	return nil
}
