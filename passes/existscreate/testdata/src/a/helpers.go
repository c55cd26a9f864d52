package a

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Helpers on either side.

func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

func isFile(path string) (bool, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return !info.IsDir(), nil
}

func mustNotExist(path string) error {
	if exists(path) {
		return fs.ErrExist
	}
	return nil
}

func write(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o644)
}

func byBool(path string) error {
	if exists(path) {
		return nil
	}
	return write(path, nil) // want `^write \(os.WriteFile\) truncates a file that another process creates after the exists \(os.Stat\) on line 43$`
}

func byBoolAndError(path string) error {
	if ok, err := isFile(path); err != nil || ok {
		return err
	}
	return write(path, nil) // want `after the isFile \(os.Stat\)`
}

func byError(path string) error {
	if err := mustNotExist(path); err != nil {
		return err
	}
	return write(path, nil) // want `after the mustNotExist \(os.Stat\)`
}

// Only the inner pair of a check before a callee that checks is a race.
func checkedAgain(path string) error {
	if exists(path) {
		return nil
	}
	return byBool(path) // nope: byBool checks again
}

type profile struct {
	dir  string
	file string
}

func (p *profile) path() string { return filepath.Join(p.dir, p.file) }

func (p *profile) init() error {
	if exists(p.path()) {
		return nil
	}
	return write(p.path(), nil) // want `after the exists \(os.Stat\)`
}

func (p *profile) save() error { return os.WriteFile(p.path(), nil, 0o600) }

func (p *profile) ensure() error {
	if _, err := os.Stat(p.path()); err == nil {
		return nil
	}
	return p.save() // want `save \(os.WriteFile\) truncates a file that another process creates after the os.Stat`
}

func (p *profile) ensureOther(q *profile) error {
	if exists(p.path()) {
		return nil
	}
	return q.save() // nope: the path of another object
}

func (p *profile) ensureRenamed() error {
	if exists(p.path()) {
		return nil
	}
	p.file += ".new"
	return p.save() // nope: the field was assigned
}

func captured(path string) func() error {
	return func() error {
		if exists(path) {
			return nil
		}
		return write(path, nil) // want `truncates a file that another process creates`
	}
}

func checkedOutside(path string) error {
	if exists(path) {
		return nil
	}
	create := func() error {
		return os.WriteFile(path, nil, 0o644) // want `truncates a file that another process creates`
	}
	return create()
}

func generic[T ~string](path T) error {
	if exists(string(path)) {
		return nil
	}
	return write(string(path), nil) // want `truncates a file that another process creates`
}

// An interface whose implementations all do the same to the path.

type storage interface {
	Has(name string) bool
	Put(name string, data []byte) error
}

type plain struct{}

func (plain) Has(name string) bool                 { return exists(name) }
func (plain) Put(name string, data []byte) error   { return write(name, data) }
func (*spaced) Has(name string) bool               { return exists(name) }
func (*spaced) Put(name string, data []byte) error { return write(name, data) }

type spaced struct{}

func putNew(s storage, name string) error {
	if s.Has(name) {
		return nil
	}
	return s.Put(name, nil) // want `Put \(os.WriteFile\) truncates a file that another process creates after the Has \(os.Stat\)`
}

// Beneath a root.

func beneath(root *os.Root, name string) error {
	if _, err := root.Stat(name); err == nil {
		return nil
	}
	return root.WriteFile(name, nil, 0o644) // want `\(\*os.Root\).WriteFile truncates`
}

func beneathAnother(root, other *os.Root, name string) error {
	if _, err := root.Stat(name); err == nil {
		return nil
	}
	return other.WriteFile(name, nil, 0o644) // nope: beneath another root
}
