package skipped

import (
	"fmt"
	"os"
)

// What was read is used below: it is not what it is where the file is absent.
func outlives(path string) (string, error) {
	data := []byte("default")
	var err error
	if _, failed := os.Stat(path); failed == nil {
		data, err = os.ReadFile(path) // want `removes the file`
		if err != nil {
			return "", err
		}
	}
	fmt.Println("and")
	fmt.Println("so")
	fmt.Println("on")
	fmt.Println("below")
	return string(data), nil
}

// The error is returned below.
func returnsError(path string) (err error) {
	if _, failed := os.Stat(path); failed == nil {
		if err = show(path); err != nil { // want `removes the file`
			return err
		}
	}
	fmt.Println("and")
	fmt.Println("so")
	fmt.Println("on")
	fmt.Println("below")
	return
}
