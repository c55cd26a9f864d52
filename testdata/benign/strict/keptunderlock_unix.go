// One method loads a field and another one saves it, and whoever calls them holds a
// lock that other processes honor.

//go:build unix

package benign

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

type journal struct {
	home  string
	pages []string
}

func (j *journal) load() error {
	data, err := os.ReadFile(filepath.Join(j.home, "journal.json"))
	if err != nil {
		return err
	}
	return json.Unmarshal(data, &j.pages)
}

func (j *journal) save() error {
	data, err := json.Marshal(j.pages)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(j.home, ".journal-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), filepath.Join(j.home, "journal.json"))
}

func (j *journal) add(page string) error {
	lock, err := os.OpenFile(filepath.Join(j.home, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	if err := j.load(); err != nil {
		return err
	}
	j.pages = append(j.pages, page)
	return j.save()
}
