// A relative path is another one after os.Chdir.
package benign

import "os"

func inDir(dir string) error {
	const marker = "initialised"
	if _, err := os.Stat(marker); err == nil {
		return nil
	}
	if err := os.Chdir(dir); err != nil {
		return err
	}
	return os.WriteFile(marker, nil, 0o644)
}
