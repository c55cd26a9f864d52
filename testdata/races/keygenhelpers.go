// The check and the write each in a function of its own.
package races

import (
	"os"
	"path/filepath"
)

type identity struct{ dir string }

func (i *identity) file() string { return filepath.Join(i.dir, "identity") }

func (i *identity) exists() (bool, error) {
	_, err := os.Stat(i.file())
	switch {
	case err == nil:
		return true, nil
	case os.IsNotExist(err):
		return false, nil
	}
	return false, err
}

func (i *identity) write(data []byte) error {
	return os.WriteFile(i.file(), data, 0o600)
}

func (i *identity) ensure(create func() ([]byte, error)) error {
	ok, err := i.exists()
	if err != nil || ok {
		return err
	}
	data, err := create()
	if err != nil {
		return err
	}
	return i.write(data) // want `existscreate: write \(os.WriteFile\) truncates a file that another process creates after the exists \(os.Stat\) on line 29`
}
