// Package consumer reads and writes through the functions of another package.
package consumer

import "store"

func add(path, line string) error {
	old, err := store.Load(path)
	if err != nil {
		return err
	}
	return store.Save(path, append(old, line...)) // want `^Save \(os.Rename\) loses any update that another process writes after the Load \(os.ReadFile\) on line 7`
}

func reset(path string) error {
	if _, err := store.Load(path); err != nil {
		return err
	}
	return store.Save(path, nil) // nope: nothing of the old content
}
