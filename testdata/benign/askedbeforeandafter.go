// The file is asked before it is read. That it is asked again afterwards can only
// refuse more.
package benign

import (
	"errors"
	"os"
)

var errWritable = errors.New("others may write to it")

func readUnchanged(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o022 != 0 {
		return nil, errWritable
	}
	data := make([]byte, info.Size())
	_, err = f.Read(data)
	return data, err
}

// Whether it is a directory picks the words.
func describe(path string) (string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	return string(data), nil
}
