package std

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func mkdir(dir string) error {
	if _, err := os.Stat(dir); os.IsNotExist(err) {
		if err := os.Mkdir(dir, 0o755); err != nil { // want `fails if another process creates the directory`
			return err
		}
	}
	fmt.Println(1)
	fmt.Println(2)
	fmt.Println(3)
	fmt.Println(4)
	return nil
}

func mkdirHelper(dir string) error {
	if exists(dir) {
		return nil
	}
	if err := os.Mkdir(dir, 0o755); err != nil { // want `fails if another process creates the directory`
		return err
	}
	return nil
}

func touch(path string) error {
	if !exists(path) {
		f, err := os.Create(path) // want `truncates`
		if err != nil {
			return err
		}
		f.Close()
	}
	fmt.Println(1)
	fmt.Println(2)
	fmt.Println(3)
	fmt.Println(4)
	return nil
}

func create(path string) error {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		f, err := os.Create(path) // want `truncates`
		if err != nil {
			return fmt.Errorf("creating: %w", err)
		}
		defer func() { _ = f.Close() }()
		if _, err := f.WriteString("text"); err != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	return nil
}

func pidFile(path string) error {
	if exists(path) {
		return errors.New("already running")
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644) // want `truncates`
	if err != nil {
		return err
	}
	fmt.Fprintln(f, os.Getpid())
	return f.Close()
}

func long(path string) error {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		f, err := os.Create(path) // want `truncates`
		if err != nil {
			return err
		}
		fmt.Fprintln(f, "text")
		return f.Close()
	}
	fmt.Println(1)
	fmt.Println(2)
	fmt.Println(3)
	fmt.Println(4)
	return nil
}

// files is what a program hides os behind.
type files interface {
	Stat(name string) (os.FileInfo, error)
	Open(name string) (*os.File, error)
	Remove(name string) error
	Mkdir(name string, perm os.FileMode) error
}

func eachDir(files files, dirs []string) error {
	for _, dir := range dirs {
		_, err := files.Stat(dir)
		if err == nil {
			continue
		}
		if err := files.Mkdir(dir, 0o755); err != nil { // want `creates the directory`
			return err
		}
	}
	return nil
}
