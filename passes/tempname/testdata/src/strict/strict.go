package strict

import (
	"fmt"
	"os"
	"path/filepath"
)

func given(name string) (*os.File, error) {
	return os.Create(filepath.Join(os.TempDir(), name)) // want `os.Create uses a name in the shared temporary directory that other users may be able to predict: .* truncates`
}

func all() error {
	return os.MkdirAll(filepath.Join(os.TempDir(), "tool"), 0o700) // want `os.MkdirAll uses a name in the shared temporary directory that other users can predict: it accepts a directory`
}

func aside(path string, data []byte) error {
	tmp := path + ".tmp"
	if err := os.WriteFile(tmp, data, 0o600); err != nil { // want `os.WriteFile writes to a temporary file whose name is derived from the target's`
		return err
	}
	return os.Rename(tmp, path) // want `os.Rename publishes a file that was not synced: a crash may leave it empty`
}

func byPid(dir string, data []byte) error {
	tmp := filepath.Join(dir, fmt.Sprintf(".state.%d", os.Getpid()))
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) // want `os.OpenFile writes to a temporary file whose name is derived from the target's`
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		return err
	}
	f.Sync() // want `the error returned by \(\*os.File\).Sync is ignored`
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(tmp, filepath.Join(dir, "state"))
}

func dirAndMove() error {
	f, err := os.CreateTemp("", "x-*")
	if err != nil {
		return err
	}
	f.Close()
	os.Remove(f.Name())
	return os.Mkdir(f.Name(), 0o700) // want `os.Mkdir reuses the name that the os.Remove on line 47 freed, and fails if another process takes it first$`
}

// The shared directory itself is nobody's.
func sharedItself(name string) error {
	if err := os.MkdirAll(os.TempDir(), 0o755); err != nil {
		return err
	}
	return os.MkdirAll(filepath.Dir(filepath.Join(os.TempDir(), name)), 0o755)
}

// What aside does is found there, however often it is called.
func twice(path string, data []byte) error {
	if err := aside(path, data); err != nil {
		return err
	}
	return aside(path, append(data, '\n'))
}
