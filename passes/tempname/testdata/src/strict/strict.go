package strict

import (
	"fmt"
	"os"
	"path/filepath"
)

func given(name string) (*os.File, error) {
	return os.Create(filepath.Join(os.TempDir(), name)) // want `os.Create truncates what another user has put under a name in the shared temporary directory`
}

func all() error {
	return os.MkdirAll(filepath.Join(os.TempDir(), "tool"), 0o700) // want `os.MkdirAll accepts a directory that another user has made`
}

func aside(path string, data []byte) error {
	tmp := path + ".tmp"
	if err := os.WriteFile(tmp, data, 0o600); err != nil { // want `os.WriteFile writes to a temporary whose name follows from its target's, and which two processes then share`
		return err
	}
	return os.Rename(tmp, path) // want `os.Rename publishes a file that was not synced, which a crash may leave empty`
}

func byPid(dir string, data []byte) error {
	tmp := filepath.Join(dir, fmt.Sprintf(".state.%d", os.Getpid()))
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) // want `os.OpenFile writes to a temporary whose name follows from its target's`
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		return err
	}
	f.Sync() // want `the error of \(\*os.File\).Sync is dropped, and with it the news that the content is lost`
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
	return os.Mkdir(f.Name(), 0o700) // want `os.Mkdir takes the name that the os.Remove on line 47 has freed`
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
