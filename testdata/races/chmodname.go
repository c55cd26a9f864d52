// The handle's name is the path again; and the file was open to all before.
package races

import "os"

func newSecret(path string, secret []byte) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.Write(secret); err != nil {
		return err
	}
	return os.Chmod(f.Name(), 0o600) // want `writechmod: os.Chmod comes late: .* the os.Create on line 7 created`
}
