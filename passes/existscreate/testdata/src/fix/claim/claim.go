package claim

import (
	"errors"
	"os"
)

var errTaken = errors.New("taken")

// take is a claim by an empty file: who finds it is refused.
func take(name string) error {
	if _, err := os.Stat(name); err == nil {
		return errTaken
	}
	f, err := os.Create(name) // want `truncates`
	if err != nil {
		return err
	}
	return f.Close()
}

// won is a claim that says by a bool who has it.
func won(name string) (bool, error) {
	if _, err := os.Stat(name); err == nil {
		return false, nil
	}
	f, err := os.Create(name) // want `truncates`
	if err != nil {
		return false, err
	}
	f.Close()
	return true, nil
}

// touch makes an empty file, and is content with one that is there.
func touch(name string) error {
	if _, err := os.Stat(name); err == nil {
		return nil
	}
	f, err := os.Create(name) // want `truncates`
	if err != nil {
		return err
	}
	return f.Close()
}

// place returns another value beside the error.
func place(dir string) (string, error) {
	path := dir + "/id"
	if _, err := os.Stat(path); os.IsNotExist(err) {
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) // want `truncates`
		if err != nil {
			return "", err
		}
		if _, err := f.Write([]byte("id")); err != nil {
			f.Close()
			return "", err
		}
		return path, f.Close()
	}
	return path, nil
}

// temporary has the name of its directory from a call.
func temporary() error {
	if _, err := os.Stat(os.TempDir()); os.IsNotExist(err) {
		return os.Mkdir(os.TempDir(), 0o700) // want `fails if another process creates the directory`
	}
	return nil
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// mkdirUnlessDir also gets to os.Mkdir where a file is in the way, over which that fails as
// before.
func mkdirUnlessDir(dir string) error {
	if !isDir(dir) {
		if err := os.Mkdir(dir, 0o700); err != nil { // want `fails if another process creates the directory`
			return err
		}
	}
	return nil
}
