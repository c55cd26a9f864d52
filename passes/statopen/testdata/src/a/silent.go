package a

import (
	"errors"
	"io/fs"
	"log"
	"os"
	"path/filepath"
)

func reassigned(path string) ([]byte, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, nil
	}
	path = filepath.Join(path, "rules")
	return os.ReadFile(path) // nope: path was reassigned
}

func shadowed(path string, others []string) error {
	if _, err := os.Stat(path); err != nil {
		return nil
	}
	for _, path := range others {
		if _, err := os.ReadFile(path); err != nil { // nope: another path of the same name
			return err
		}
	}
	return nil
}

func redundant(path string) ([]byte, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	return os.ReadFile(path) // nope: absence is an error at both ends
}

func handled(path string) ([]byte, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, nil
	}
	data, err := os.ReadFile(path) // nope: vanishing is handled as absence is
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, err
}

func logged(path string) []byte {
	if _, err := os.Stat(path); err != nil {
		return nil
	}
	data, err := os.ReadFile(path) // nope: a failure is logged only
	if err != nil {
		log.Print(err)
	}
	return data
}

func eitherWay(path string) ([]byte, error) {
	if _, err := os.Stat(path); err != nil {
		log.Print("reading from elsewhere")
	}
	return os.ReadFile(path) // nope: it is read either way
}

func apart(path string, check bool) ([]byte, error) {
	if check {
		_, err := os.Stat(path)
		return nil, err
	}
	return os.ReadFile(path) // nope: the two never run in one execution
}

func kernel() ([]byte, error) {
	if _, err := os.Stat("/proc/self/status"); err != nil {
		return nil, nil
	}
	return os.ReadFile("/proc/self/status") // nope: the kernel's file
}

func own() ([]byte, error) {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "out")
	if _, err := os.Stat(path); err != nil {
		return nil, nil
	}
	return os.ReadFile(path) // nope: in a directory of our own
}

func otherRound(paths []string) error {
	last := ""
	for _, path := range paths {
		if last != "" {
			if _, err := os.ReadFile(last); err != nil { // nope: the path of the round before
				return err
			}
		}
		if _, err := os.Stat(path); err != nil {
			continue
		}
		last = path
	}
	return nil
}

func concurrently(path string, done chan error) {
	if _, err := os.Stat(path); err != nil {
		return
	}
	go func() { // nope: no order with what is here
		_, err := os.ReadFile(path)
		done <- err
	}()
}

func suppressed(path string) ([]byte, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, nil
	}
	//toctou:ignore statopen only this program removes it
	return os.ReadFile(path)
}

func suppressedWithoutReason(path string) ([]byte, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, nil
	}
	//toctou:ignore statopen
	return os.ReadFile(path) // want `fails if another process removes the file`
}
