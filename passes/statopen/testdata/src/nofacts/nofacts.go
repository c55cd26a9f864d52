// Package nofacts is read without facts.
package nofacts

import (
	"checks"
	"os"
)

func theirCheck(path string) ([]byte, error) {
	if !checks.Exists(path) {
		return nil, nil
	}
	return os.ReadFile(path) // nope: nothing is known of checks.Exists
}

func ourCheck(path string) ([]byte, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, nil
	}
	return os.ReadFile(path) // want `fails if another process removes the file`
}
