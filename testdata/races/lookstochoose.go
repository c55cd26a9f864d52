// The callee looks again, but only to choose how it writes: what has appeared after the
// first look is overwritten.
package races

import "os"

func keepOwner(path, staged string, data []byte) error {
	if _, err := os.Lstat(path); err == nil {
		return os.WriteFile(path, data, 0o600)
	}
	if err := os.WriteFile(staged, data, 0o600); err != nil {
		return err
	}
	return os.Rename(staged, path)
}

func firstSettings(path, staged string) error {
	if _, err := os.Lstat(path); err == nil {
		return nil
	}
	return keepOwner(path, staged, []byte("{}\n")) // want `existscreate: keepOwner \(os.WriteFile\) truncates a file that another process creates after the os.Lstat on line 18`
}
