// Package strict has what depends on circumstances.
package strict

import (
	"errors"
	"os"
)

// Whether the kind of file matters depends on who owns the directory.
func regular(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	return os.ReadFile(path) // want `^os.ReadFile may open a different file than the one whose type was checked by the os.Stat on line 11$`
}

func missingIsDefault(path string) ([]byte, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, nil
	}
	return os.ReadFile(path) // want `fails if another process removes the file`
}

func handled(path string) []byte {
	if _, err := os.Stat(path); err != nil {
		return nil
	}
	data, _ := os.ReadFile(path) // nope: harmless in strict mode, too
	return data
}

type exitError struct{ code int }

func (exitError) Error() string { return "" }

func exit(err error, code int) error { return exitError{code} }

// Absence has an exit code that scripts look for.
func exitCode(path string) error {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return exit(err, 2)
	}
	if _, err := os.ReadFile(path); err != nil { // want `^os.ReadFile fails with a different exit code than the os.Stat on line 44 if another process removes the file in between$`
		return exit(err, 255)
	}
	return nil
}

func sameExitCode(path string) error {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return exit(err, 1)
	}
	if _, err := os.ReadFile(path); err != nil { // nope: the code is the same
		return exit(err, 1)
	}
	return nil
}

type source interface{ Fetch() ([]byte, error) }

// Absence leads to another source, which may have the content.
func otherWay(path string, other source) ([]byte, error) {
	if _, err := os.Stat(path); err != nil {
		return other.Fetch()
	}
	return os.ReadFile(path) // want `fails if another process removes the file`
}

type supervisor interface{ Handle(error) }

func tellsSupervisor(path string, s supervisor) []byte {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return nil
	}
	data, err := os.ReadFile(path) // want `^os.ReadFile may fail if another process removes the file`
	s.Handle(err)
	return data
}

func load(path string) ([]byte, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	return os.ReadFile(path) // nope: absence is a failure at both ends
}

// What is called checks again, but fails over what this function does without.
func loadIfThere(path string) ([]byte, error) {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return nil, nil
	}
	return load(path) // want `load \(os.ReadFile\) may fail if another process removes the file`
}

var kept []byte

func loadOnce(path string) ([]byte, error) {
	if kept != nil {
		return kept, nil
	}
	return os.ReadFile(path)
}

// What is called may do without the file, or fail over it.
func loadOnceIfThere(path string) ([]byte, error) {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return nil, nil
	}
	return loadOnce(path) // want `loadOnce \(os.ReadFile\) may fail if another process removes the file`
}

func tellsText(path string, tell func(string)) []byte {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return nil
	}
	data, err := os.ReadFile(path) // nope: its text is asked for, and the error handed to nobody
	if err != nil {
		tell(err.Error())
	}
	return data
}
