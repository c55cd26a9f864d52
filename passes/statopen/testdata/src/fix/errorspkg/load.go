// Package errorspkg imports another package by the name errors, whose Is does.
package errorspkg

import (
	"os"

	"example.com/errors"
)

func load(path string) ([]byte, error) {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return nil, nil
	}
	data, err := os.ReadFile(path) // want `fails if another process removes the file`
	if err != nil {
		return nil, errors.Wrap(err, "reading the list")
	}
	return data, nil
}
