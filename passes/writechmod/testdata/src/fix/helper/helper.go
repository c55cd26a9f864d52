package helper

import (
	"fmt"
	"os"
)

const private = 0o600

func write(path string, data []byte) error {
	if err := os.WriteFile(path, data, 0o666); err != nil {
		return err
	}
	return os.Chmod(path, private) // want `comes late`
}

func wrapped(path string, data []byte, mode os.FileMode) error {
	err := os.WriteFile(path, data, 0o666)
	if err != nil {
		return fmt.Errorf("writing: %w", err) // want +2 `comes late`
	}
	if err := os.Chmod(path, mode); err != nil {
		return fmt.Errorf("writing: %w", err)
	}
	fmt.Println("written")
	return nil
}
