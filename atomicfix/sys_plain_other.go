//go:build plan9 || js || wasip1

package atomicfix

import (
	"errors"
	"io/fs"
)

const openNonblock = 0

// hasOwners is false: owners are names here, or mean nothing.
const hasOwners = false

func ownerOf(fs.FileInfo) (uid, gid int) { return 0, 0 }

func (kernel) keyOf(d *dir) (string, error) { return d.path + "/", nil }

// There is no lock between processes.

func (kernel) lock(*file, bool) error { return errors.ErrUnsupported }
func (kernel) unlock(*file) error     { return nil }
