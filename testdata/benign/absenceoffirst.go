// The absence of one of two is a failure at the check as well as at the read; and where
// there is no key yet, absence is a failure further down. A file whose absence is fine is
// in races/absencefine.go.
package benign

import (
	"errors"
	"os"
)

func newer(current, candidate string) ([]byte, error) {
	_, cerr := os.Stat(current)
	_, nerr := os.Stat(candidate)
	if os.IsNotExist(cerr) && os.IsNotExist(nerr) {
		return nil, nil
	}
	if cerr != nil || nerr != nil {
		return nil, errors.Join(cerr, nerr)
	}
	return os.ReadFile(candidate)
}

func signingKey(key []byte, path string) ([]byte, error) {
	if key == nil {
		if _, err := os.Stat(path); err == nil {
			if key, err = os.ReadFile(path); err != nil {
				return nil, err
			}
		}
	}
	if key == nil {
		return nil, errors.New("no key")
	}
	return key, nil
}
