// Package a has the forms that an open and a second look come in.
package a

import (
	"io"
	"log"
	"os"
)

func measured(path string) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := os.Stat(path) // want `^os.Stat looks up the path again and may find a different file than the one that the os.Open on line 11 opened$`
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func named(path string) (int64, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := os.Stat(f.Name()) // want `the one that the os.OpenFile on line 24 opened`
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func changed(path string, mode os.FileMode, size int64) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := os.Chmod(path, mode); err != nil { // want `os.Chmod looks up the path again`
		return err
	}
	if err := os.Chown(path, 0, 0); err != nil { // want `os.Chown looks up the path again`
		return err
	}
	return os.Truncate(path, size) // want `os.Truncate looks up the path again`
}

func conditionally(path string, measure bool) (n int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	if measure {
		if info, err := os.Stat(path); err == nil { // want `looks up the path again`
			n = info.Size()
		}
	}
	return n, f.Close()
}

func inside(path string) (n int64) {
	if f, err := os.Open(path); err == nil {
		if info, err := os.Stat(path); err == nil { // want `looks up the path again`
			n = info.Size()
		}
		f.Close()
	}
	return n
}

func rounds(paths []string) (sum int64, err error) {
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			return 0, err
		}
		info, err := os.Stat(path) // want `looks up the path again`
		if err != nil {
			f.Close()
			return 0, err
		}
		sum += info.Size()
		f.Close()
	}
	return sum, nil
}

// Helpers, fields, closures, type parameters.

func open(path string) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		log.Print(err)
		return nil, err
	}
	return f, nil
}

func byHelper(path string) (int64, error) {
	f, err := open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := os.Stat(path) // want `the one that the open \(os.Open\) on line 103 opened`
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

type source struct{ path string }

func (s *source) copyTo(w io.Writer) (int64, error) {
	f, err := os.Open(s.path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := os.Stat(s.path) // want `looks up the path again`
	if err != nil {
		return 0, err
	}
	return io.CopyN(w, f, info.Size())
}

func captured(path string) func() (int64, error) {
	return func() (int64, error) {
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
}

func generic[P ~string](path P, mode os.FileMode) error {
	f, err := os.Open(string(path))
	if err != nil {
		return err
	}
	defer f.Close()
	return os.Chmod(string(path), mode) // want `looks up the path again`
}

func beneath(root *os.Root, name string) (int64, error) {
	f, err := root.Open(name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := root.Stat(name) // want `\(\*os.Root\).Stat looks up the path again`
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// Silent.

func asked(path string) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := f.Stat() // nope: the handle is asked
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func closed(path string) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	if err := f.Close(); err != nil {
		return 0, err
	}
	info, err := os.Stat(path) // nope: it is closed
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func rotated(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	ours, err := f.Stat()
	if err != nil {
		return false, err
	}
	theirs, err := os.Stat(path) // nope: held against the handle
	if err != nil {
		return false, err
	}
	return !os.SameFile(ours, theirs), nil
}

func reassigned(path, next string) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	path = next
	info, err := os.Stat(path) // nope: path was reassigned
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func other(in, out string) error {
	f, err := os.Open(in)
	if err != nil {
		return err
	}
	defer f.Close()
	return os.Chmod(out, 0o644) // nope: another path
}

func before(path string) (*os.File, int64, error) {
	info, err := os.Stat(path) // nope: it is opened afterwards
	if err != nil {
		return nil, 0, err
	}
	f, err := os.Open(path)
	return f, info.Size(), err
}

func kernel() (int64, error) {
	f, err := os.Open("/proc/self/maps")
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := os.Stat("/proc/self/maps") // nope: the kernel's file
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
