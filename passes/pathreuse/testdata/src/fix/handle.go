package fix

import (
	"errors"
	"io"
	"log"
	"os"
)

func size(path string) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := os.Stat(path) // want `looks up the path again`
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func byName(path string) (os.FileInfo, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return os.Stat(f.Name()) // want `looks up the path again`
}

func copyMode(w io.Writer, path string) (os.FileMode, error) {
	in, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer in.Close()
	if _, err := io.Copy(w, in); err != nil {
		in.Close()
		return 0, err
	}
	if info, err := os.Stat(path); err == nil { // want `looks up the path again`
		return info.Mode(), nil
	}
	return 0, errors.New("no mode")
}

func fatal(path string) os.FileInfo {
	f, err := os.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	info, err := os.Stat(path) // want `looks up the path again`
	if err != nil {
		log.Fatal(err)
	}
	f.Close()
	return info
}

func truncate(path string, n int64) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := os.Truncate(path, n); err != nil { // want `looks up the path again`
		return err
	}
	_, err = f.Write([]byte("x"))
	return err
}

func each(paths []string) (total int64, err error) {
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			return 0, err
		}
		info, err := os.Stat(path) // want `looks up the path again`
		f.Close()
		if err != nil {
			return 0, err
		}
		total += info.Size()
	}
	return total, nil
}

// Kept in a field.
type journal struct{ f *os.File }

func (l *journal) open(path string) (int64, error) {
	var err error
	l.f, err = os.Open(path)
	if err != nil {
		return 0, err
	}
	info, err := os.Stat(path) // want `looks up the path again`
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
