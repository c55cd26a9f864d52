package staged

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

func ensure(path string) error {
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

func refuse(path string) error {
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("%s exists", path)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) // want `truncates`
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := fmt.Fprintln(f, "text"); err != nil {
		return err
	}
	return nil
}

func lock(lockFile string) error {
	if _, err := os.Stat(lockFile); err == nil {
		return fmt.Errorf("%s exists", lockFile)
	}
	f, err := os.OpenFile(lockFile, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) // want `truncates`
	if err != nil {
		return err
	}
	defer f.Close()
	fmt.Fprintln(f, os.Getpid())
	return nil
}
