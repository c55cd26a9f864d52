// Package consumer sees through the helpers of another package.
package consumer

import (
	"checks"
	"os"
	"path/filepath"
)

func theirCheck(path string) ([]byte, error) {
	if !checks.Exists(path) {
		return nil, nil
	}
	return os.ReadFile(path) // want `os.ReadFile fails if another process removes the file after the Exists \(os.Stat\) on line 11`
}

func theirDeepCheck(path string) ([]byte, error) {
	if !checks.Deep(path) {
		return nil, nil
	}
	return os.ReadFile(path) // want `after the Deep \(os.Stat\)`
}

func theirRead(path string) ([]byte, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, nil
	}
	return checks.Read(path) // want `Read \(os.ReadFile\) fails if another process removes the file after the os.Stat`
}

func theirPath(dir string) ([]byte, error) {
	if !checks.HasRules(dir) {
		return nil, nil
	}
	return os.ReadFile(checks.RulesFile(dir)) // want `after the HasRules \(os.Stat\)`
}

func theirPathOurJoin(dir string) ([]byte, error) {
	if !checks.HasRules(dir) {
		return nil, nil
	}
	return os.ReadFile(filepath.Join(dir, "rules")) // want `after the HasRules \(os.Stat\)`
}

func theirFieldAssigned(s *checks.Store, other string) ([]byte, error) {
	if !s.Exists() {
		return nil, nil
	}
	s.Path = other
	return s.Load() // nope: the field was assigned
}

func theirExit(path string) {
	if !checks.Exists(path) {
		return
	}
	_, err := os.ReadFile(path) // want `fails if another process removes the file`
	checks.Must(err)
}

func theirWrap(path string) error {
	if !checks.Exists(path) {
		return nil
	}
	_, err := os.ReadFile(path) // want `fails if another process removes the file`
	return checks.Wrap(err)
}

func theirDeath(path string) []byte {
	if !checks.Exists(path) {
		checks.Die("no " + path)
	}
	data, err := os.ReadFile(path) // nope: absence ends the process at both ends
	if err != nil {
		checks.Die(err.Error())
	}
	return data
}
