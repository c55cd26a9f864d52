// The mode is set through the handle before anything is written.
package benign

import "os"

func storeSecret(path string, secret []byte) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Chmod(0o600); err != nil {
		return err
	}
	_, err = f.Write(secret)
	return err
}
