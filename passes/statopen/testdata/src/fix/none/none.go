package none

import (
	"fmt"
	"os"
)

// The default is changed before the use.
func changed(path string) (string, error) {
	text := "default"
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return text, nil
	}
	text = "file"
	data, err := os.ReadFile(path) // want `vanishes`
	if err != nil {
		return "", err
	}
	return text + string(data), nil
}

// The error is not in a variable.
func returned(path string) ([]byte, error) {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return nil, nil
	}
	return os.ReadFile(path) // want `vanishes`
}

// The branch goes on to what is common to both.
func falls(path string) error {
	text := ""
	if _, err := os.Stat(path); err == nil {
		data, err := os.ReadFile(path) // want `vanishes`
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

// The name means something else.
func shadowed(path string, text string) (string, error) {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return text, nil
	}
	{
		text := 1
		data, err := os.ReadFile(path) // want `vanishes`
		if err != nil {
			return "", err
		}
		return fmt.Sprint(text, data), nil
	}
}
