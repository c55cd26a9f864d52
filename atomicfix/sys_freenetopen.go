//go:build freebsd || netbsd || openbsd

package atomicfix

import "golang.org/x/sys/unix"

// renameatExcl says that there is no such call here; link(2) takes its place.
func renameatExcl(int, string, int, string) error { return unix.ENOSYS }

func fsync(fd int) error { return unix.Fsync(fd) }
