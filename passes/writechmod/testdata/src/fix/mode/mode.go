package mode

import (
	"fmt"
	"io"
	"io/ioutil"
	"os"
	"path/filepath"
)

func write(path string, data []byte) error {
	if err := os.WriteFile(path, data, 0o666); err != nil {
		return err
	}
	return os.Chmod(path, 0o600) // want `comes late`
}

func old(path string, data []byte) error {
	if err := ioutil.WriteFile(path, data, 0644); err != nil {
		return err
	}
	return os.Chmod(path, 0600) // want `comes late`
}

func create(path, text string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if _, err := f.WriteString(text); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Chmod(path, 0o600) // want `comes late`
}

func open(path, text string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := os.Chmod(path, 0o600); err != nil { // want `comes late`
		return err
	}
	_, err = f.WriteString(text)
	return err
}

func computed(path, text string, mode os.FileMode) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := fmt.Fprint(f, text); err != nil {
		return err
	}
	return os.Chmod(path, mode) // want `comes late`
}

func dir(path string) error {
	if err := os.Mkdir(path, 0o777); err != nil {
		return err
	}
	return os.Chmod(path, 0o700) // want `comes late`
}

func logged(path, text string, mode os.FileMode) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		return err
	}
	defer f.Close()
	n, err := fmt.Fprint(f, text)
	if err != nil {
		return err
	}
	debugf("wrote %d bytes to %s", n, path)
	return os.Chmod(path, mode) // want `comes late`
}

func debugf(format string, args ...any) { fmt.Printf(format, args...) }

// The mode of the copy is that of the source.
func copied(to, from string) (err error) {
	var (
		r io.ReadCloser
		w io.WriteCloser
		i os.FileInfo
	)
	if i, err = os.Stat(from); err != nil {
		return
	}
	if r, err = os.Open(from); err != nil {
		return
	}
	defer r.Close()
	if w, err = os.Create(to); err != nil {
		return
	}
	_, err = io.Copy(w, r)
	if e := w.Close(); err == nil {
		err = e
	}
	if e := os.Chmod(to, i.Mode()); err == nil { // want `comes late`
		err = e
	}
	return
}

func given(path, text string, mode os.FileMode) error {
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		return err
	}
	return os.Chmod(path, mode|0o100) // want `comes late`
}

func installed(path string, data []byte, mode os.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(path), "new")
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("installing: %w", err)
	}

	return os.Chmod(path, mode) // want `comes late`
}

func written(dir string, data []byte) (string, error) {
	f, err := os.CreateTemp(dir, "new")
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return f.Name(), err
}

func moved(to string, data []byte) error {
	from, err := written(filepath.Dir(to), data)
	if err != nil {
		return err
	}
	if err := os.Rename(from, to); err != nil {
		return err
	}
	if err := os.Chmod(to, 0o755); err != nil { // want `comes late`
		// It cannot be run.
		return fmt.Errorf("no program: %w", err)
	}
	return nil
}
