package benign

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// A helper finds a name that is free, and the caller claims it in one step.
func freeName(dir string) string {
	for i := 0; ; i++ {
		path := filepath.Join(dir, strconv.Itoa(i))
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return path
		}
	}
}

func claimFreeName(dir string) (*os.File, error) {
	return os.OpenFile(freeName(dir), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
}

// The helper returns another path than the one that it looked for.
func besideFound(dir string) (string, error) {
	if _, err := os.Stat(filepath.Join(dir, "index")); err != nil {
		return "", err
	}
	return filepath.Join(dir, "index.log"), nil
}

func logBeside(dir string, line []byte) error {
	path, err := besideFound(dir)
	if err != nil {
		return err
	}
	return os.WriteFile(path, line, 0o600)
}

// The name is drawn by lot: two programs do not come upon the same one.
func drawnName(dir string) (string, error) {
	for range 5 {
		path := filepath.Join(dir, drawWord(8))
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return path, nil
		}
	}
	return "", errors.New("no free name")
}

func saveUnderDrawnName(dir string, data []byte) error {
	path, err := drawnName(dir)
	if err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o600)
}

var words = make(chan string)

func drawWord(n int) string {
	word := <-words
	return word[:n]
}
