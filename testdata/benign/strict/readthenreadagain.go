// What was read before is read again, by a helper that looks whether there is
// anything first: its look belongs to its own reading.
package benign

import (
	"errors"
	"io/fs"
	"os"
	"strings"
)

func contents(path string) (string, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	data, err := os.ReadFile(path)
	return string(data), err
}

func settled(path string) (bool, error) {
	before, err := contents(path)
	if err != nil {
		return false, err
	}
	after, err := contents(path)
	if err != nil {
		return false, err
	}
	return strings.TrimSpace(before) == strings.TrimSpace(after), nil
}

func parsed(path string) (int, error) {
	if _, err := os.Stat(path); err != nil {
		return 0, err
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	return strings.Count(string(data), "\n"), nil
}

func grown(path string) (bool, error) {
	before, err := parsed(path)
	if err != nil {
		return false, err
	}
	after, err := parsed(path)
	return after > before, err
}
