package races

import (
	"errors"
	"os"
)

// The functions of package os are called through variables, which a test may
// replace. Nothing else assigns to them, so outside of tests the calls are those
// of os: the second program truncates what the first one has just made.
var (
	statFile  = os.Stat
	writeFile = os.WriteFile
)

func newThroughVariables(path string, data []byte) error {
	if _, err := statFile(path); err == nil {
		return errors.New("exists")
	}
	return writeFile(path, data, 0o600) // want `existscreate: os.WriteFile truncates a file that another process creates`
}

// The functions are in the fields of a struct, which get no other value.
type system struct {
	stat   func(string) (os.FileInfo, error)
	remove func(string) error
}

func newSystem() *system { return &system{stat: os.Stat, remove: os.Remove} }

func (s *system) drop(path string) error {
	if _, err := s.stat(path); os.IsNotExist(err) {
		return nil
	}
	return s.remove(path) // want `checkact: os.Remove fails if another process removes the file`
}

// The variable holds a function literal.
var create = func(name string) (*os.File, error) { return os.Create(name) }

func newThroughLiteral(path string) (*os.File, error) {
	if _, err := os.Stat(path); err == nil {
		return nil, errors.New("exists")
	}
	return create(path) // want `existscreate: os.Create truncates a file that another process creates`
}

// The function is an argument, and the same one at the only call.
func whereAbsent(path string, do func(string) (*os.File, error)) (*os.File, error) {
	if _, err := os.Stat(path); err == nil {
		return nil, errors.New("exists")
	}
	return do(path) // want `existscreate: os.Create truncates a file that another process creates`
}

func newThroughArgument(path string) (*os.File, error) { return whereAbsent(path, os.Create) }
