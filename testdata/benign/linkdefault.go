// One of two names is checked and replaced. A choice of names is no walk through
// the directories, and a rename follows no link in the last element.
package benign

import (
	"errors"
	"os"
)

func replaceable(path string) error {
	info, err := os.Lstat(path)
	if err == nil && !info.Mode().IsRegular() {
		return errors.New("no regular file")
	}
	return nil
}

func install(output, name, fresh string) error {
	target := output
	if target == "" {
		target = name
	}
	if err := replaceable(target); err != nil {
		return err
	}
	return os.Rename(fresh, target)
}
