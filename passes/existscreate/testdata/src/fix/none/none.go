package none

import (
	"errors"
	"os"
)

// Without the helper there is no such call.
func write(path string) error {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return os.WriteFile(path, nil, 0o600) // want `truncates`
	}
	return nil
}

// The program itself may have made the file by then.
func prepared(path string, prepare func(string) error) error {
	if _, err := os.Stat(path); err == nil {
		return errors.New("it is there")
	}
	if err := prepare(path); err != nil {
		return err
	}
	f, err := os.Create(path) // want `truncates`
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.WriteString("text")
	return err
}
