// Package checks has helpers for other packages.
package checks

import (
	"fmt"
	"os"
	"path/filepath"
)

func Exists(path string) bool { // want Exists:`^checks\(0\)$`
	_, err := os.Stat(path)
	return err == nil
}

func Read(path string) ([]byte, error) { // want Read:`^opens\(0\)$`
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	return data, nil
}

func RulesFile(dir string) string { // want RulesFile:`^result0\(filepath.Join\(0, "rules"\)\)$`
	return filepath.Join(dir, "rules")
}

func HasRules(dir string) bool { // want HasRules:`^checks\(filepath.Join\(0, "rules"\)\)$`
	return Exists(RulesFile(dir))
}

// Deep is two calls away from os.Stat.
func Deep(path string) bool { return Exists(path) } // want Deep:`^checks\(0\)$`

type Store struct {
	Path string
	size int
}

func (s *Store) Exists() bool { return Exists(s.Path) } // want Exists:`^checks\(0.Path\)$`

func (s *Store) Load() ([]byte, error) { return Read(s.Path) } // want Load:`^opens\(0.Path\)$`

func Must(err error) { // want Must:`^failsOn\(0\)$`
	if err != nil {
		panic(err)
	}
}

func Wrap(err error) error { // want Wrap:`^wraps\(0\)$`
	if err == nil {
		return nil
	}
	return fmt.Errorf("checks: %w", err)
}

func Die(msg string) { // want Die:`^noReturn$`
	fmt.Fprintln(os.Stderr, msg)
	os.Exit(1)
}

// Size touches no path.
func Size(s *Store) int { return s.size }
