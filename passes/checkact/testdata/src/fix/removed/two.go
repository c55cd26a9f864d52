package removed

import "os"

// dropEither removes at two places under one check, of which one returns.
func dropEither(path string, how int) error {
	if _, err := os.Stat(path); err == nil {
		if how == 1 {
			return os.Remove(path) // want `fails if another process removes the file`
		}
		if how == 2 {
			return os.Remove(path) // want `fails if another process removes the file`
		}
	}
	return nil
}
