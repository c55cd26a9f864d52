package a

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/kardianos/osext"
)

func constant() (*os.File, error) {
	return os.Create("/tmp/tool.log") // want `os.Create uses a name in the shared temporary directory that other users can predict: .* truncates`
}

const dir = "/var/tmp"

func joined(data []byte) error {
	return os.WriteFile(filepath.Join(dir, "tool", "state"), data, 0o600) // want `os.WriteFile uses a name in the shared temporary directory that other users can predict: .* truncates`
}

var logFile = filepath.Join(os.TempDir(), "tool.log")

func kept() (*os.File, error) {
	return os.OpenFile(logFile, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600) // want `os.OpenFile uses a name in the shared temporary directory that other users can predict: .* writes to`
}

func byPid() error {
	name := fmt.Sprintf("%s/tool-%d.sock", os.TempDir(), os.Getpid())
	return os.WriteFile(name, nil, 0o600) // want `os.WriteFile uses a name in the shared temporary directory that other users can predict: .* truncates`
}

func byTime(data []byte) error {
	path := filepath.Join(os.TempDir(), fmt.Sprint("out-", time.Now().UnixNano()))
	return os.WriteFile(path, data, 0o600) // want `os.WriteFile uses a name in the shared temporary directory that other users can predict: .* truncates`
}

func scratch() error {
	path := filepath.Join(os.TempDir(), "tool")
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) { // want `os.Mkdir uses a name in the shared temporary directory that other users can predict: it accepts a directory`
		return err
	}
	return nil
}

func write(path string) error { return os.WriteFile(path, nil, 0o600) }

func throughHelper() error {
	return write(filepath.Join(os.TempDir(), "tool.txt")) // want `write \(os.WriteFile\) uses a name in the shared temporary directory that other users can predict: .* truncates`
}

func callsConstant() error {
	_, err := constant() // a finding there
	return err
}

func freed() (*os.File, error) {
	f, err := os.CreateTemp("", "x-*")
	if err != nil {
		return nil, err
	}
	f.Close()
	os.Remove(f.Name())
	return os.Create(f.Name()) // want `os.Create reuses the name that the os.Remove on line 67 freed`
}

func elsewhere(path string, r io.Reader) error {
	f, err := os.CreateTemp("", "x-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err := io.Copy(f, r); err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path) // want `os.Rename moves a temporary file to another directory, which fails if that directory is on another file system`
}

func unpacked(unpack func(dir string) error, path string) error {
	dir, err := os.MkdirTemp(os.TempDir(), "x-*")
	if err != nil {
		return err
	}
	if err := unpack(dir); err != nil {
		return err
	}
	return os.Rename(filepath.Join(dir, "tool"), path) // want `os.Rename moves a temporary file to another directory`
}

func update(download func(string) error) error {
	if err := download("tool.new"); err != nil {
		return err
	}
	self, err := osext.Executable()
	if err != nil {
		return err
	}
	return os.Rename("tool.new", self) // want `os.Rename moves a temporary file to another directory`
}

// Silent from here on.

func exclusive() (*os.File, error) {
	return os.OpenFile("/tmp/tool.lock", os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
}

func fatalMkdir() error { return os.Mkdir(filepath.Join(os.TempDir(), "tool"), 0o700) }

func random() (*os.File, error) {
	return os.Create(filepath.Join(os.TempDir(), "tool-"+rand.Text()))
}

func private() (*os.File, error) {
	dir, err := os.MkdirTemp("", "x-*")
	if err != nil {
		return nil, err
	}
	return os.Create(filepath.Join(dir, "constant"))
}

func beside(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".x-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err := f.Write(data); err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func orCopied(path string, copied func(from, to string) error) error {
	f, err := os.CreateTemp("", "x-*")
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil { // want `os.Rename publishes a file that was not synced`
		return copied(f.Name(), path)
	}
	return nil
}

func notTemporary(data []byte) error { return os.WriteFile("/tmpfiles/x", data, 0o600) }
