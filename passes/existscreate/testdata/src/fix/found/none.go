package found

import (
	"errors"
	"os"
)

// What is found may be overwritten without the branch.
func forced(path string, force bool) error {
	if exists(path) && !force {
		if !expired(path) {
			return errors.New("it is held")
		}
	}
	return os.WriteFile(path, nil, 0o600) // want `truncates`
}

// It is not there any more, since the program has removed it.
func removed(path string) error {
	if exists(path) {
		if !expired(path) {
			return errors.New("it is held")
		}
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return os.WriteFile(path, nil, 0o600) // want `truncates`
}

// Absence has a branch of its own.
func either(path string) error {
	if exists(path) {
		if !expired(path) {
			return errors.New("it is held")
		}
	} else if err := os.Mkdir("held", 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, nil, 0o600) // want `truncates`
}
