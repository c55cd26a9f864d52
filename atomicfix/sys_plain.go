//go:build !linux && !darwin && !freebsd && !netbsd && !openbsd && !windows

package atomicfix

import (
	"errors"
	"os"
)

// access opens the file, because package os has no other way.
func (kernel) access(d *dir, base string) error {
	f, err := d.root.OpenFile(base, os.O_WRONLY|openNonblock, 0)
	if err != nil {
		return err
	}
	return f.Close()
}

func (kernel) rename(d *dir, from string, to *dir, base string) error {
	return renameTo(d, from, to, base)
}

func (kernel) renameExcl(*dir, string, *dir, string) error { return errors.ErrUnsupported }

func (kernel) unlink(d *dir, base string) error { return d.root.Remove(base) }

func (kernel) syncDir(d *dir) error {
	f, err := d.root.Open(".")
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

var noAttr []error // there are no attributes
