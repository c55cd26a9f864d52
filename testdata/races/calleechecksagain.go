// One race, not two: the inner check is the one that counts.
package races

import "os"

func writeIfAbsent(path string, data []byte) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	return os.WriteFile(path, data, 0o644) // want `existscreate: os.WriteFile truncates`
}

func installUnit(path string, unit []byte) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	return writeIfAbsent(path, unit)
}
