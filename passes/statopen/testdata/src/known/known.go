// Package known has what we know to miss.
package known

import (
	"checks"
	"os"
)

func theirMethods(s *checks.Store) ([]byte, error) {
	if !s.Exists() {
		return nil, nil
	}
	return s.Load() // want `Load \(os.ReadFile\) fails if another process removes the file after the Exists \(os.Stat\)`
}

func theirField(s *checks.Store) ([]byte, error) {
	if !s.Exists() {
		return nil, nil
	}
	return os.ReadFile(s.Path) // want `after the Exists \(os.Stat\)`
}
