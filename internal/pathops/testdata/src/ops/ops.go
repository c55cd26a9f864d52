// Package ops has functions whose operations are listed in the test.
package ops

import (
	"net"
	"os"
	"text/template"

	"github.com/spf13/afero"
)

func byHandle(path string) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func closes(path string) error {
	defer os.Stat(path)
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return f.Close()
}

func opener(path string) (*os.File, error) { return os.Open(path) }

func opened(path string) error {
	f, err := opener(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return os.Chmod(path, 0o600)
}

func checked(path string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	return os.WriteFile(path, nil, 0o600)
}

func twice(path string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	return checked(path)
}

func rename(from, to string) error { return os.Rename(from, to) }

func concurrent(path string) { go os.Remove(path) }

func socket(address string) (net.Listener, error) { return net.Listen("unix", address) }

func network(address string) (net.Listener, error) { return net.Listen("tcp", address) }

func variadic(a, b string) (*template.Template, error) { return template.ParseFiles(a, b) }

func literal(path string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	return func() error {
		f, err := os.Create(path)
		if err != nil {
			return err
		}
		return f.Close()
	}()
}

// A function of the file system and a method look in the same one.
func mixed(fs afero.Fs, name string) error {
	if ok, _ := afero.Exists(fs, name); !ok {
		return nil
	}
	return fs.Remove(name)
}

// So do a method of the struct and one of the interface in it.
func embedded(fs afero.Afero, name string) error {
	if ok, _ := fs.Exists(name); !ok {
		return nil
	}
	return fs.Remove(name)
}

// These are two.
func two(from, to *afero.BasePathFs, name string) error {
	if _, err := from.Stat(name); err != nil {
		return err
	}
	return to.Remove(name)
}

// Each round of the loop has a path of its own.
func rounds(a, b string) {
	for _, path := range []string{a, b} {
		os.Remove(path)
	}
}

// One element is that one alone.
func oneElement(a, b string) {
	paths := []string{a, b}
	os.Remove(paths[1])
}
