package closes

import (
	"encoding/json"
	"io"
	"os"
)

// The error of the close is used below.
func keepBoth(v any) (error, error) {
	f, err := os.Create(path) // want `truncates`
	if err != nil {
		return err, nil
	}
	err = json.NewEncoder(f).Encode(v)
	err2 := f.Close()
	if err == nil {
		err = err2
	}
	return err, err2
}

func unlock(f *os.File) {
	f.Chmod(0o644)
	f.Close()
}

// The function does more than to close the file.
func byOtherFunction(v any) error {
	f, err := os.Create(path) // want `truncates`
	if err != nil {
		return err
	}
	defer unlock(f)
	return json.NewEncoder(f).Encode(v)
}

// The path is used while the file is not whole.
func sumBefore(r io.Reader) (string, error) {
	f, err := os.Create(path) // want `truncates`
	if err != nil {
		return "", err
	}
	defer f.Close()
	if _, err := io.Copy(f, r); err != nil {
		return "", err
	}
	hash, err := sum(path)
	if err != nil {
		return "", err
	}
	if _, err := io.WriteString(f, hash); err != nil {
		return "", err
	}
	return hash, nil
}

// The variable may be another writer's.
func declaredForTwo(r io.Reader, test bool) error {
	var f io.WriteCloser = os.Stdout
	var err error
	if !test {
		f, err = os.Create(path) // want `truncates`
		if err != nil {
			return err
		}
	}
	_, err = io.Copy(f, r)
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}
