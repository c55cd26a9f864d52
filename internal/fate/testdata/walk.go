// Package p is walked: the last line of each comment tells how the function
// ends, by the state of the path.
package p

import (
	"fmt"
	"io/fs"
)

func stat(path string) error
func open(path string) error
func mode(path string) fs.FileMode
func read(path string) []byte
func create(path string) error
func fork() error
func wrap(err error) error
func isNotExist(err error) bool
func exit()

var errNotExist, errBusy error

// absent: notexist; file: nil; denied: other
func plain(path string) error { return stat(path) }

// absent: nil; file: nil; denied: other
func nilTest(path string) error {
	err := stat(path)
	if isNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return nil
}

// absent: false; file: true
func answer(path string) bool { return stat(path) == nil }

// absent: true; file: false; denied: false
func missing(path string) bool { return isNotExist(stat(path)) }

// absent: false+nil; file: true+nil; denied: false+other
func both(path string) (bool, error) {
	err := stat(path)
	switch {
	case err == nil:
		return true, nil
	case isNotExist(err):
		return false, nil
	}
	return false, err
}

// absent: nil; file: nil, other
func negated(path string) error {
	exists := !isNotExist(stat(path))
	if !exists {
		return nil
	}
	return fork()
}

// absent: ?; file: nil
func anded(path string, strict bool) error {
	if err := stat(path); err != nil && isNotExist(err) {
		return fmt.Errorf("%s: %w", path, errSomething())
	}
	return nil
}

func errSomething() error { return nil }

// absent: notexist; file: nil
func wrapped(path string) error { return wrap(stat(path)) }

// absent: exit; file: nil
func exits(path string) error {
	if stat(path) != nil {
		exit()
	}
	return nil
}

// absent: exit; file: nil
func panics(path string) error {
	if err := stat(path); err != nil {
		panic(err)
	}
	return nil
}

// absent: nil; file: nil
func thenOpened(path string) error {
	if stat(path) != nil {
		if err := create(path); err != nil {
			return err
		}
	}
	return open(path)
}

// absent: notexist; file: nil
func kept(path string) (err error) {
	err = stat(path)
	for range 3 {
		println(path)
	}
	return err
}

// absent: notexist; file: nil, other
func merged(path string) error {
	err := stat(path)
	if err == nil {
		err = fork()
	}
	return err
}

// absent: ?; file: ?
func parameter(err error) error { return err }

// absent: error, nil; file: error, nil
func learned(err error) error {
	if err != nil {
		return err
	}
	return err
}

// absent: nil, other; file: nil, other
func forks() error { return fork() }

// absent: nil; file: nil
func loops(path string) error {
	for stat(path) != nil {
		if err := create(path); err != nil {
			return err
		}
	}
	return nil
}

// absent: never; file: nil
func waits(path string) error {
	for {
		if stat(path) == nil {
			return nil
		}
	}
}

// absent: error, notexist; file: nil
func sentinel(path string) error {
	err := stat(path)
	if err == errNotExist {
		return err
	}
	if err == nil {
		return nil
	}
	return errBusy
}

// absent: false; file: true
func variable(path string) (there bool) {
	if stat(path) == nil {
		there = true
	}
	if path == "" {
		println("empty")
	}
	return there
}

// The literal reads the error and does not store to it.
// absent: notexist; file: nil
func deferredReader(path string) (err error) {
	defer func() { println(err != nil) }()
	err = stat(path)
	return err
}

// absent: nil; file: nil
func ignored(path string) error {
	_ = stat(path)
	return nil
}

// file: false; dir: true; special: false
func dirBit(path string) bool { return mode(path)&fs.ModeDir != 0 }

// file: true; dir: false; special: false
func noTypeBit(path string) bool { return mode(path)&fs.ModeType == 0 }

// file: false; dir: false; special: ?
func socketBit(path string) bool { return mode(path)&fs.ModeSocket != 0 }

// file: ?; dir: ?; special: ?
func permissionBits(path string) bool { return mode(path)&0o077 != 0 }

// absent: true; file: false
func empty(path string) bool { return len(read(path)) == 0 }

// absent: false; file: true
func longer(path string) bool { return len(read(path)) > 0 }

// absent: true; file: false
func noText(path string) bool { return string(read(path)) == "" }

// absent: ?; file: ?
func longEnough(path string) bool { return len(read(path)) > 16 }

// absent: ?; file: false
func ownSentinel(path string) bool { return stat(path) == errBusy }
