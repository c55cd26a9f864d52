// Distinct elements of a slice are distinct files.
package benign

import "os"

func firstAbsentElseSecond(paths []string) error {
	if _, err := os.Stat(paths[0]); err == nil {
		return nil
	}
	return os.WriteFile(paths[1], nil, 0o644)
}
