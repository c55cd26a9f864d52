package main

import (
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// bare makes the system calls that atomicfix.WriteFile makes to replace a file
// that has no owner or ACL to be kept, and nothing else.
func bare(name string, data []byte, sync bool) (err error) {
	var st unix.Stat_t
	dir, err := unix.Open(filepath.Dir(name), unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(dir)
	// #nosec G404 -- a name that no other process has here
	base, temp := filepath.Base(name), ".bare-"+strconv.FormatUint(rand.Uint64(), 36)
	if err := unix.Fstatat(dir, base, &st, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return err
	}
	var stx unix.Statx_t
	if err := unix.Statx(dir, "", unix.AT_EMPTY_PATH, unix.STATX_BASIC_STATS, &stx); err != nil {
		return err
	}
	f, err := unix.Openat(dir, temp, unix.O_RDWR|unix.O_CREAT|unix.O_EXCL|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return err
	}
	if err := unix.Fstat(f, &st); err != nil {
		return err
	}
	if _, err := unix.Write(f, data); err != nil {
		return err
	}
	path, err := unix.BytePtrFromString(base)
	if err != nil {
		return err
	}
	// listxattrat(2), or what there was before Linux 6.13.
	// #nosec G103 -- package unix does not have it yet
	if _, _, errno := unix.Syscall6(465, uintptr(dir), uintptr(unsafe.Pointer(path)), unix.AT_SYMLINK_NOFOLLOW,
		0, 0, 0); errno != 0 {
		if _, err := unix.Llistxattr("/proc/self/fd/"+strconv.Itoa(dir)+"/"+base, nil); err != nil {
			return err
		}
	}
	if _, err := unix.Flistxattr(f, nil); err != nil {
		return err
	}
	if err := unix.Fchmod(f, uint32(perm)); err != nil {
		return err
	}
	if sync {
		if err := unix.Fsync(f); err != nil {
			return err
		}
	}
	if err := unix.Fstatat(dir, base, &st, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return err
	}
	if err := unix.Close(f); err != nil {
		return err
	}
	if err := unix.Renameat(dir, temp, dir, base); err != nil {
		return err
	}
	if sync {
		return unix.Fsync(dir)
	}
	return nil
}

// processorTime is how long this process has run, as a time since the epoch.
func processorTime() time.Time {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Unix(0, u.Utime.Nano()+u.Stime.Nano())
}
