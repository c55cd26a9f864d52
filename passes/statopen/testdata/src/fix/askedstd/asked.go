package askedstd

import (
	"errors"
	"fmt"
	"log"
	"os"
)

const limit = 1 << 20

var errTooBig = errors.New("too big")

func whole(name string) (string, error) {
	fi, err := os.Stat(name)
	if err != nil {
		return "", err
	}
	if fi.Size() > limit {
		return "", fmt.Errorf("%q is too big: %d", name, fi.Size())
	}
	contents, err := os.ReadFile(name) // want `size`
	if err != nil {
		return "", err
	}
	return string(contents), nil
}

type store struct{ path string }

// Two questions, and the file is removed in the end.
func (s *store) take() ([]byte, error) {
	info, err := os.Stat(s.path)
	if err != nil {
		return nil, fmt.Errorf("looking: %w", err)
	}
	max := int64(limit)
	if info.Size() == 0 {
		err = errors.New("empty")
		log.Print(err)
		return nil, err
	}
	if info.Size() > max {
		return nil, errTooBig
	}
	data, err := os.ReadFile(s.path) // want `size`
	if err != nil {
		return nil, fmt.Errorf("reading: %w", err)
	}
	return data, os.Remove(s.path)
}

func private(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, errors.New("others can read it")
	}
	f, err := os.Open(path) // want `mode`
	if err != nil {
		return nil, err
	}
	return f, nil
}

func deferred(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Size() > limit {
		return errTooBig
	}
	in, err := os.Open(path) // want `size`
	if err != nil {
		return err
	}
	defer in.Close()
	return load(in)
}

func load(*os.File) error { return nil }

func each(paths []string) ([]byte, error) {
	var all []byte
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		if info.Size() > limit {
			return nil, errTooBig
		}
		data, err := os.ReadFile(path) // want `size`
		if err != nil {
			return nil, err
		}
		all = append(all, data...)
	}
	return all, nil
}
