package benign

import (
	"io"
	"os"
)

// A helper tells whether the name is still there, which no handle could tell.
func stillThere(path string) (bool, error) {
	_, err := os.Stat(path)
	return err == nil, err
}

func readUnlessRemoved(path string) ([]byte, bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, false, err
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		return nil, false, err
	}
	there, err := stillThere(path)
	return data, there, err
}

// A helper tells the size, for a message alone.
func bytesIn(path string) int64 {
	fi, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return fi.Size()
}

func readLoudly(path string) ([]byte, error) {
	println(path, bytesIn(path))
	return os.ReadFile(path)
}
