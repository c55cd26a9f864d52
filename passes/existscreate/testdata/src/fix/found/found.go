// Package found overwrites some of what it finds.
package found

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"
)

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func expired(path string) bool {
	info, err := os.Stat(path)
	return err == nil && time.Since(info.ModTime()) > time.Hour
}

// What has expired is replaced; what appears is not.
func acquire(lock string) error {
	if exists(lock) {
		if !expired(lock) {
			return fmt.Errorf("%s is held", lock)
		}
		fmt.Println("expired")
	}
	pid := strconv.Itoa(os.Getpid())
	if err := os.WriteFile(lock, []byte(pid), 0o600); err != nil { // want `truncates`
		return fmt.Errorf("cannot lock: %w", err)
	}
	return nil
}

// The name may be taken.
func acquireForced(lock string, write func(), force bool) error {
	if _, err := os.Stat(lock); err == nil {
		// There is one.
		if !force {
			return errors.New("it is held")
		}
		fmt.Println("taken over")
	}
	write()
	return os.WriteFile(lock, nil, 0o600) // want `truncates`
}

// A lock that is written by one call is there with its content.
func acquireOnce(lockFile string) error {
	if exists(lockFile) {
		return errors.New("it is held")
	}
	return os.WriteFile(lockFile, []byte("held"), 0o600) // want `truncates`
}

// It is no failure that it is there.
func cached(path string) error {
	if exists(path) {
		if !expired(path) {
			return nil
		}
		return errors.New("it is too old")
	}
	if !exists(path) || expired(path) {
		return os.WriteFile(path, nil, 0o600) // want `truncates`
	}
	return nil
}
