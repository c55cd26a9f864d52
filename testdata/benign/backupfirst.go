// What is there is moved away, then the file is made: it is made either way.
package benign

import "os"

func replaceKeepingOld(path string, data []byte) error {
	if _, err := os.Stat(path); err == nil {
		if err := os.Rename(path, path+"~"); err != nil {
			return err
		}
	}
	return os.WriteFile(path, data, 0o644)
}
