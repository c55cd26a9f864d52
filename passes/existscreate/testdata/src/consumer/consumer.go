// Package consumer sees through helpers one and two packages away.
package consumer

import (
	"files"
	"middle"
	"os"
)

func one(path string) error {
	ok, err := files.Exists(path)
	if err != nil || ok {
		return err
	}
	return files.Write(path, nil) // want `^Write \(os.WriteFile\) truncates a file that another process creates after the Exists \(os.Stat\) on line 11$`
}

func two(dir, key string) error {
	if middle.Has(dir, key) {
		return nil
	}
	return middle.Put(dir, key, nil) // want `Put \(os.WriteFile\) truncates a file that another process creates after the Has \(os.Stat\)`
}

func derived(dir, key string) error {
	if middle.Has(dir, key) {
		return nil
	}
	return os.WriteFile(middle.File(dir, key), nil, 0o600) // want `os.WriteFile truncates a file that another process creates after the Has \(os.Stat\)`
}

func other(dir, key string) error {
	if middle.Has(dir, key) {
		return nil
	}
	return middle.Put(dir, key+"2", nil) // nope: another key
}

func exclusive(path string) error {
	if ok, _ := files.Exists(path); ok {
		return nil
	}
	return files.WriteNew(path, nil) // nope: WriteNew decides by O_EXCL
}
