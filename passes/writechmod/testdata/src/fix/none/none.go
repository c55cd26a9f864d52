package none

import (
	"net"
	"os"
)

// The mode is not known when the file is created, and the file is closed.
func closed(path, text string, mode func() os.FileMode) error {
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		return err
	}
	return os.Chmod(path, mode()) // want `comes late`
}

// The parents would get the mode, too.
func all(path string) error {
	if err := os.MkdirAll(path, 0o777); err != nil {
		return err
	}
	return os.Chmod(path, 0o700) // want `comes late`
}

// A socket's mode cannot be chosen.
func socket(path string) (net.Listener, error) {
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	return l, os.Chmod(path, 0o600) // want `comes late`
}

// The program needs the access in between.
func readOnlyDir(path string) error {
	if err := os.Mkdir(path, 0o777); err != nil {
		return err
	}
	if err := os.WriteFile(path+"/file", nil, 0o600); err != nil {
		return err
	}
	return os.Chmod(path, 0o500) // want `comes late`
}

// It is not clear which of the modes the file should have from the start.
func twice(path string, ready func() error) error {
	if err := os.WriteFile(path, nil, 0o666); err != nil {
		return err
	}
	if err := os.Chmod(path, 0o600); err != nil { // want `comes late`
		return err
	}
	if err := ready(); err != nil {
		return err
	}
	return os.Chmod(path, 0o400) // want `comes late`
}

// What else is told the path may do anything to it.
func told(path string, mode os.FileMode, run func(string, ...any)) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		return err
	}
	defer f.Close()
	run("mv %s elsewhere", path)
	return os.Chmod(path, mode) // want `comes late`
}

// The metadata may be missing where the file is created.
func maybe(path, like string, f func(*os.File) error) error {
	var info os.FileInfo
	if like != "" {
		info, _ = os.Stat(like)
	}
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := f(out); err != nil {
		return err
	}
	out.Close()
	if info != nil {
		return os.Chmod(path, info.Mode()) // want `comes late`
	}
	return nil
}

// What is not there fails to be renamed, and is not to fail otherwise.
func moved(from, to string, mode os.FileMode) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	return os.Chmod(to, mode) // want `comes late`
}
