package a

import (
	"errors"
	"fmt"
	"io/fs"
	"log"
	"net"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

func removeIfThere(path string) error {
	if _, err := os.Stat(path); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	return os.Remove(path) // want `os.Remove fails if another process removes the file after the os.Stat on line 17, which handles its absence`
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

type session struct{ file string }

func (s *session) end() error {
	if exists(s.file) {
		if err := os.Remove(s.file); err != nil { // want `os.Remove fails if another process removes the file after the exists \(os.Lstat\) on line 34, which handles its absence`
			return fmt.Errorf("end of session: %w", err)
		}
	}
	return nil
}

func removeOrDie(path string) {
	if exists(path) {
		if err := os.Remove(path); err != nil { // want `os.Remove fails if another process removes the file after the exists`
			log.Fatal(err)
		}
	}
}

// The lock is old when it is looked at. When it is removed it may be the one of
// somebody who has removed the old one.
func lock(path string) (*os.File, error) {
	for range 10 {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err == nil {
			return f, nil
		}
		if info, err := os.Stat(path); err == nil && time.Since(info.ModTime()) > time.Minute {
			os.Remove(path) // want `os.Remove may remove a different file than the one whose age was checked by the os.Stat on line 58`
			continue
		}
		time.Sleep(time.Second)
	}
	return nil, errors.New("locked")
}

func lockByContent(path string, alive func([]byte) bool) (*os.File, error) {
	if data, err := os.ReadFile(path); err == nil && !alive(data) {
		os.Remove(path) // want `os.Remove may remove a different file than the one that the os.ReadFile on line 68`
	}
	return os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
}

func dropEmpty(path string) {
	if info, err := os.Stat(path); err == nil && info.Size() == 0 {
		os.Remove(path) // want `os.Remove removes what another process writes to the file after the os.Stat on line 75 found it empty`
	}
}

func listen(path string) (net.Listener, error) {
	conn, err := net.Dial("unix", path)
	if err == nil {
		conn.Close()
		return nil, errors.New("somebody listens already")
	}
	os.Remove(path) // want `os.Remove removes the socket of another process, which can start listening after the net.Dial on line 81`
	return net.Listen("unix", path)
}

func claim(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		os.Remove(path) // want `os.Remove removes a file that another process created: the os.OpenFile on line 91`
		return err
	}
	return f.Close()
}

func runOwned(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o022 != 0 {
		return errors.New("others may write to it")
	}
	return exec.Command(path).Run() // want `exec.Command may run a different program than the one whose mode was checked by the os.Stat on line 100`
}

func runOurs(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Sys().(*syscall.Stat_t).Uid != uint32(os.Getuid()) {
		return errors.New("it is not ours")
	}
	return exec.Command(path).Run() // want `exec.Command may run a different program than the one whose owner was checked by the os.Stat on line 111`
}

// Silent from here on.

func attempt(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func handled(path string) error {
	if !exists(path) {
		return nil
	}
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return err
	}
	return nil
}

func required(path string) error {
	if _, err := os.Stat(path); err != nil {
		return err
	}
	return os.Remove(path)
}

func tree(path string) error {
	if exists(path) {
		return os.RemoveAll(path)
	}
	return nil
}

func logged(path string) {
	if exists(path) {
		if err := os.Remove(path); err != nil {
			log.Printf("cleanup: %v", err)
		}
	}
}

func ownClaim(path string, fill func(*os.File) error) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := fill(f); err != nil {
		os.Remove(path)
		return err
	}
	return nil
}

// The size limits what is loaded, and does not decide on the removal.
func load(path string, use func([]byte) error) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Size() > 1<<20 {
		return errors.New("too large")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := use(data); err != nil {
		return err
	}
	return os.Remove(path)
}

func search(name string) error {
	path, err := exec.LookPath(name)
	if err != nil {
		return nil
	}
	return exec.Command(path).Run()
}

var mu sync.Mutex

func underMutex(path string) error {
	mu.Lock()
	defer mu.Unlock()
	if exists(path) {
		return os.Remove(path)
	}
	return nil
}

// No other program knows of a temporary.
func temporary() error {
	f, err := os.CreateTemp("", "x-*")
	if err != nil {
		return err
	}
	f.Close()
	if exists(f.Name()) {
		return os.Remove(f.Name())
	}
	return nil
}
