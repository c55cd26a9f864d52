//go:build dragonfly || solaris || aix

package atomicfix

import (
	"fmt"
	"io/fs"
	"syscall"
)

// openNonblock keeps open(2) from waiting on a FIFO and a terminal from
// becoming ours.
const openNonblock = syscall.O_NONBLOCK | syscall.O_NOCTTY

// hasOwners says that files have owners here, so that mine means something.
const hasOwners = true

func ownerOf(info fs.FileInfo) (uid, gid int) {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return -1, -1
	}
	return int(st.Uid), int(st.Gid)
}

func (k kernel) keyOf(d *dir) (string, error) {
	m, err := k.statDir(d)
	if err != nil {
		return "", err
	}
	st, ok := m.info.Sys().(*syscall.Stat_t)
	if !ok {
		return d.path + "/", nil
	}
	return fmt.Sprint(st.Dev, ":", st.Ino, "/"), nil
}
