package races

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// A helper finds a name that is free. It is free when the helper returns, and
// somebody else's when it is created.
func freeName(dir, name string) string {
	path := filepath.Join(dir, name)
	for i := 1; ; i++ {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return path
		}
		path = filepath.Join(dir, fmt.Sprintf("%s.%d", name, i))
	}
}

func saveUnderFreeName(dir, name string, data []byte) error {
	return os.WriteFile(freeName(dir, name), data, 0o644) // want `existscreate: os.WriteFile truncates a file that another process creates after the freeName`
}

// The helper may find none.
func freeNameOf(dir string, names []string) (string, error) {
	for _, name := range names {
		path := filepath.Join(dir, name)
		_, err := os.Lstat(path)
		if os.IsNotExist(err) {
			return path, nil
		}
		if err != nil {
			return "", err
		}
	}
	return "", errors.New("no free name")
}

func saveUnderOneOf(dir string, names []string) (*os.File, error) {
	path, err := freeNameOf(dir, names)
	if err != nil {
		return nil, err
	}
	return os.Create(path) // want `existscreate: os.Create truncates a file that another process creates after the freeNameOf`
}

// A helper opens one of several files, and returns the file with its path.
func firstOf(dir string, names []string) (*os.File, string, error) {
	for _, name := range names {
		path := filepath.Join(dir, name)
		if f, err := os.Open(path); err == nil {
			return f, path, nil
		}
	}
	return nil, "", errors.New("none")
}

func firstWithTime(dir string, names []string) (io.ReadCloser, int64, error) {
	f, path, err := firstOf(dir, names)
	if err != nil {
		return nil, 0, err
	}
	fi, err := os.Stat(path) // want `pathreuse:`
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, fi.ModTime().Unix(), nil
}

// It returns both in a struct.
type openCover struct {
	r    io.ReadCloser
	path string
}

func cover(dir string) (openCover, error) {
	path := filepath.Join(dir, "cover.png")
	f, err := os.Open(path)
	if err != nil {
		return openCover{}, err
	}
	return openCover{f, path}, nil
}

func coverWithSize(dir string) (io.ReadCloser, int64, error) {
	c, err := cover(dir)
	if err != nil {
		return nil, 0, err
	}
	fi, err := os.Stat(c.path) // want `pathreuse:`
	if err != nil {
		c.r.Close()
		return nil, 0, err
	}
	return c.r, fi.Size(), nil
}
