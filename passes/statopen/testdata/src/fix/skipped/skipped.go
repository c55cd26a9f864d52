// Package skipped reads a file in the branch of its check, and goes on below that whether or
// not it is there. A fix skips the rest of the branch.
package skipped

import (
	"fmt"
	"os"
)

func goesOn(path string) error {
	text := ""
	if _, err := os.Stat(path); err == nil {
		data, err := os.ReadFile(path) // want `removes the file`
		if err != nil {
			return err
		}
		text = string(data)
	}
	fmt.Println(text)
	fmt.Println(text)
	fmt.Println(text)
	fmt.Println(text)
	return nil
}

func endsBranch(path string) error {
	if _, err := os.Stat(path); err == nil {
		if err := show(path); err != nil { // want `removes the file`
			return fmt.Errorf("showing: %w", err)
		}
	}
	fmt.Println("and")
	fmt.Println("so")
	fmt.Println("on")
	fmt.Println("below")
	return nil
}

func show(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	fmt.Print(string(data))
	return nil
}
