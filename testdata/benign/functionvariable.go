package benign

import (
	"errors"
	"os"
)

// A command writes to a file system of its own that is in memory, where nobody
// else is: the variables are set when the program starts, to one or the other.
var (
	statAnywhere  = os.Stat
	writeAnywhere = os.WriteFile
)

type memory map[string][]byte

func (m memory) stat(string) (os.FileInfo, error) { return nil, os.ErrNotExist }

func (m memory) write(name string, data []byte, _ os.FileMode) error {
	m[name] = data
	return nil
}

func inMemory() {
	m := memory{}
	statAnywhere, writeAnywhere = m.stat, m.write
}

func newAnywhere(path string, data []byte) error {
	if _, err := statAnywhere(path); err == nil {
		return errors.New("exists")
	}
	return writeAnywhere(path, data, 0o600)
}

// The function is an argument, and another one at each call: what is done is for
// the callers to say, one of which is content with a directory that is there.
func unlessFound(path string, do func(string, os.FileMode) error) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	return do(path, 0o700)
}

func eachItsOwn(path string) error {
	if err := unlessFound(path, os.MkdirAll); err != nil {
		return err
	}
	return unlessFound(path, os.Mkdir)
}
