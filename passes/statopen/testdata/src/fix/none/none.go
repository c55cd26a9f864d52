package none

import (
	"errors"
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
	data, err := os.ReadFile(path) // want `removes the file`
	if err != nil {
		return "", err
	}
	return text + string(data), nil
}

// There is no name for the error.
func returned(path string) (_ []byte, err bool) {
	read := func() ([]byte, error) {
		err := 1
		if _, err := os.Stat(path); os.IsNotExist(err) {
			return nil, nil
		}
		fmt.Println(err)
		return os.ReadFile(path) // want `removes the file`
	}
	_, failed := read()
	return nil, failed != nil
}

// The name means something else.
func shadowed(path string, text string) (string, error) {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return text, nil
	}
	{
		text := 1
		data, err := os.ReadFile(path) // want `removes the file`
		if err != nil {
			return "", err
		}
		return fmt.Sprint(text, data), nil
	}
}

// The size goes elsewhere, too.
func keepsSize(path string) ([]byte, int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, 0, err
	}
	size := info.Size()
	if size > 1<<20 {
		return nil, 0, errors.New("too big")
	}
	data, err := os.ReadFile(path) // want `size`
	if err != nil {
		return nil, 0, err
	}
	return data, size, nil
}

// What is called in between may change the file.
func worksBetween(path string, work func()) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > 1<<20 {
		return nil, errors.New("too big")
	}
	work()
	data, err := os.ReadFile(path) // want `size`
	if err != nil {
		return nil, err
	}
	return data, nil
}

// A link that is refused cannot be told by the open file.
func noLinks(path string) ([]byte, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("no regular file")
	}
	data, err := os.ReadFile(path) // want `type`
	if err != nil {
		return nil, err
	}
	return data, nil
}
