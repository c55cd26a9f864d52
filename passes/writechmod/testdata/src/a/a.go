// Package a has the forms that a creation and its protection come in.
package a

import (
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"path/filepath"
)

func written(path string, data []byte) error {
	if err := os.WriteFile(path, data, 0o644); err != nil {
		return err
	}
	return os.Chmod(path, 0o600) // want `os.WriteFile on line 14 created`
}

func created(path string, data []byte) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.Write(data); err != nil {
		return err
	}
	return os.Chmod(path, 0o600) // want `os.Create on line 21 created`
}

func named(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	defer f.Close()
	return os.Chmod(f.Name(), 0o600) // want `os.OpenFile on line 33 created`
}

func ignored(path string, data []byte) {
	if err := os.WriteFile(path, data, 0o644); err != nil {
		log.Print(err)
		return
	}
	if err := os.Chmod(path, 0o600); err != nil { // want `comes late`
		log.Print(err)
	}
}

func conditionally(path string, data []byte, secret bool) error {
	if err := os.WriteFile(path, data, 0o644); err != nil {
		return err
	}
	if secret {
		return os.Chmod(path, 0o600) // want `comes late`
	}
	return nil
}

func directory(dir string) error {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	return os.Chmod(dir, 0o700) // want `os.Mkdir on line 62 created`
}

func socket(path string) (net.Listener, error) {
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	return l, os.Chmod(path, 0o600) // want `net.Listen on line 69 created`
}

func network(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	return l, os.Chmod(address, 0o600) // nope: no path but an address
}

func renamed(staged, path string) error {
	if err := os.Rename(staged, path); err != nil {
		return err
	}
	return os.Chmod(path, 0o755) // want `os.Rename on line 85 created`
}

func joined(dir string) error {
	if err := os.WriteFile(filepath.Join(dir, "key"), nil, 0o644); err != nil {
		return err
	}
	return os.Chmod(filepath.Join(dir, "key"), 0o400) // want `comes late`
}

// Helpers, fields, closures, type parameters.

func write(path string, data []byte) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

func protect(path string) error {
	if err := os.Chmod(path, 0o600); err != nil {
		return fmt.Errorf("protect: %w", err)
	}
	return nil
}

func byHelpers(path string) error {
	if err := write(path, nil); err != nil {
		return err
	}
	return protect(path) // want `write \(os.Create\) on line 120 created`
}

type keyFile struct{ path string }

func (k *keyFile) write(data []byte) error { return os.WriteFile(k.path, data, 0o644) }

func (k *keyFile) save(data []byte) error {
	if err := k.write(data); err != nil {
		return err
	}
	return os.Chmod(k.path, 0o600) // want `write \(os.WriteFile\) on line 131 created`
}

func captured(path string) func() error {
	return func() error {
		if err := write(path, nil); err != nil {
			return err
		}
		return os.Chmod(path, 0o600) // want `comes late`
	}
}

func generic[P ~string](path P, mode os.FileMode) error {
	if err := os.WriteFile(string(path), nil, 0o666); err != nil {
		return err
	}
	return os.Chmod(string(path), mode) // want `comes late`
}

func rounds(dir string, names []string) error {
	for _, name := range names {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			return err
		}
		if err := os.Chmod(path, 0o600); err != nil { // want `comes late`
			return err
		}
	}
	return nil
}

// Silent.

func atCreation(path string, data []byte) error {
	return os.WriteFile(path, data, 0o600) // nope: the mode at creation
}

func byHandle(path string, r io.Reader) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Chmod(0o640); err != nil { // nope: by the handle
		return err
	}
	_, err = io.Copy(f, r)
	return err
}

func reassigned(path string) error {
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		return err
	}
	path += ".sh"
	return os.Chmod(path, 0o700) // nope: path was reassigned
}

func branches(path string, create bool) error {
	if create {
		return os.WriteFile(path, nil, 0o644)
	}
	return os.Chmod(path, 0o600) // nope: the two never run in one execution
}

func before(path string) error {
	if err := os.Chmod(path, 0o600); err != nil { // nope: of an older file, before it is written
		return err
	}
	return os.WriteFile(path, nil, 0o600)
}

func own(data []byte) error {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		return err
	}
	path := filepath.Join(dir, "run.sh")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		return err
	}
	return os.Chmod(path, 0o755) // nope: in a directory of our own
}
