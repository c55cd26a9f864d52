package races

import (
	"errors"
	"io"
	"os"
	"time"
)

// A helper looks the path up for the time of the last change, after another file was
// read through its handle: a change in between passes for known.
func changedAt(path string) (time.Time, error) {
	fi, err := os.Stat(path)
	if err != nil {
		return time.Time{}, err
	}
	return fi.ModTime(), nil
}

func readWithTime(path string) (data []byte, at time.Time, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, at, err
	}
	defer f.Close()
	if data, err = io.ReadAll(f); err != nil {
		return nil, at, err
	}
	at, err = changedAt(path) // want `pathreuse:`
	return data, at, err
}

// A helper tells the size, and what is too large is refused before it is read.
func sizeOf(path string) (int64, error) {
	fi, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return fi.Size(), nil
}

func readSmall(path string) ([]byte, error) {
	size, err := sizeOf(path)
	if err != nil {
		return nil, err
	}
	if size > 1<<20 {
		return nil, errors.New("too large")
	}
	return os.ReadFile(path) // want `statopen:`
}
