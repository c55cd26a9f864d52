// What is read is changed and written back whole, under a lock of a file that
// other processes take, too.

//go:build unix

package benign

import (
	"encoding/json"
	"os"
	"path/filepath"
	"syscall"
)

func tally(dir, word string) error {
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	file := filepath.Join(dir, "words")
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	words := make(map[string]int)
	if err := json.Unmarshal(data, &words); err != nil {
		return err
	}
	words[word]++
	if data, err = json.Marshal(words); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".words-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err := f.Write(data); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), file)
}
