// The handle is asked, so no other file can be meant; but the key could be read
// by everybody from the moment it was written.
package races

import "os"

func saveKey(path string, key []byte) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.Write(key); err != nil {
		return err
	}
	return f.Chmod(0o600) // want `writechmod: .*Chmod comes late`
}
