// The handle cannot hit another file, but the file can be opened before it is
// protected, and the secret is read through what was opened.
package races

import "os"

func storeSecret(path string, secret []byte) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Chmod(0o600); err != nil { // want `writechmod: \(\*os.File\).Chmod comes late`
		return err
	}
	_, err = f.Write(secret)
	return err
}

// What leads to it makes no further mistake.
func storeTwice(path string, secret []byte) error {
	if err := storeSecret(path, nil); err != nil {
		return err
	}
	return storeSecret(path, secret)
}
