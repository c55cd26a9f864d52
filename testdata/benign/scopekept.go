// The kernel keeps to the directory, whatever was asked before for a message: or
// what is used is not what was asked about.
package benign

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

type served struct{ root, mirror string }

func (s *served) vet(name string) error {
	real, err := filepath.EvalSymlinks(filepath.Join(s.root, name))
	if err != nil {
		return err
	}
	if !strings.HasPrefix(real, s.root+"/") {
		return errors.New("outside")
	}
	return nil
}

func (s *served) open(name string) (*os.File, error) {
	if err := s.vet(name); err != nil {
		return nil, err
	}
	return os.OpenInRoot(s.root, name)
}

// The mirror is another directory, and nobody has asked about it.
func (s *served) mirrored(name string, data []byte) error {
	if err := s.vet(name); err != nil {
		return err
	}
	return os.MkdirAll(filepath.Join(s.mirror, filepath.Base(name)), 0o755)
}

// The answer picks one of two ways. Neither is a refusal.
func (s *served) size(name string) (int64, error) {
	path := filepath.Join(s.root, name)
	if s.vet(name) == nil {
		entries, err := os.ReadDir(path)
		return int64(len(entries)), err
	}
	var total int64
	err := filepath.WalkDir(path, func(_ string, d fs.DirEntry, err error) error {
		total++
		return err
	})
	return total, err
}
