// Two replacements after each other: what the first has read is not what the
// second writes.
package benign

import (
	"os"
	"path/filepath"
	"strconv"
)

type meter struct {
	path string
	last int
}

func (m *meter) bump() (int, error) {
	data, err := os.ReadFile(m.path)
	if err != nil {
		return 0, err
	}
	m.last, err = strconv.Atoi(string(data))
	if err != nil {
		return 0, err
	}
	f, err := os.CreateTemp(filepath.Dir(m.path), ".meter-*")
	if err != nil {
		return 0, err
	}
	defer os.Remove(f.Name())
	if _, err := f.WriteString("0"); err != nil {
		f.Close()
		return 0, err
	}
	if err := f.Sync(); err != nil {
		f.Close()
		return 0, err
	}
	if err := f.Close(); err != nil {
		return 0, err
	}
	return m.last, os.Rename(f.Name(), m.path)
}

func (m *meter) bumpTwice() (int, error) {
	if _, err := m.bump(); err != nil {
		return 0, err
	}
	return m.bump()
}
