// A log that is moved away when it is full is no temporary: its new name is made of
// its own, and what is appended to it under the old one is meant to be there.
package benign

import "os"

func appendAndRotate(name, line string, limit int64) error {
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.WriteString(line); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if fi, err := f.Stat(); err != nil || fi.Size() < limit {
		return err
	}
	return os.Rename(name, name+".1")
}
