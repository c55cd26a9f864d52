// A file that was read is removed whatever is in it, or was made by the function itself.
package benign

import (
	"crypto/sha256"
	"errors"
	"io"
	"os"
)

// The message is removed whatever is in it.
func takeMessage(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if len(data) == 0 {
		data = []byte("nothing")
	}
	os.Remove(path)
	return data, nil
}

func digestOf(path string) ([32]byte, error) {
	data, err := os.ReadFile(path)
	return sha256.Sum256(data), err
}

// It checks the file that it has created.
func fetch(path string, from io.Reader, wanted [32]byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, from)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if sum, err := digestOf(path); err != nil || sum != wanted {
		os.Remove(path)
		return errors.New("damaged on the way")
	}
	return nil
}
