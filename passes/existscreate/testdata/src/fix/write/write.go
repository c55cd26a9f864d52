package write

import (
	"errors"
	"fmt"
	"os"
)

func last(path string) error {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		if err := os.WriteFile(path, []byte("{}"), 0o600); err != nil { // want `truncates`
			return err
		}
	}
	fmt.Println(1)
	fmt.Println(2)
	fmt.Println(3)
	fmt.Println(4)
	return nil
}

func announced(path string) error {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		if err := os.WriteFile(path, []byte("{}"), 0o600); err != nil { // want `truncates`
			return fmt.Errorf("cannot write: %w", err)
		}
		fmt.Println("written", // with its name
			path)
	}
	fmt.Println(1)
	fmt.Println(2)
	fmt.Println(3)
	fmt.Println(4)
	return nil
}

func refuse(path string) error {
	if _, err := os.Stat(path); err == nil {
		return errors.New("there is a configuration already")
	}
	if err := os.WriteFile(path, []byte("{}"), 0o600); err != nil { // want `truncates`
		return err
	}
	fmt.Println("written")
	return nil
}

func skip(path string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	err := os.WriteFile(path, []byte("{}"), 0o600) // want `truncates`
	if err != nil {
		return err
	}
	fmt.Println("written")
	return nil
}

func refuseReturned(path string) error {
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("%s exists", path)
	}
	return os.WriteFile(path, []byte("{}"), 0o600) // want `truncates`
}
