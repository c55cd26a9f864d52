package shapes

import (
	"errors"
	"os"
)

func readUnsaid(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, errors.New("it cannot be read")
	}
	return data, nil
}

// unsaid has an error that does not say of which path it is, so the check is asked again.
func unsaid(path string) ([]byte, error) {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return nil, nil
	}
	data, err := readUnsaid(path) // want `fails if another process removes the file`
	if err != nil {
		return nil, err
	}
	return data, nil
}

// What is missing may be the file that the first one names.
func include(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return os.ReadFile(string(data))
}

func withInclude(path string) ([]byte, error) {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return []byte("default"), nil
	}
	data, err := include(path) // want `removes the file`
	if err != nil {
		return nil, err
	}
	return data, nil
}
