package fsapi

import "slices"

// syscallFuncs are the functions of syscall, golang.org/x/sys/unix and
// golang.org/x/sys/windows. A descriptor counts as a handle of its path.
//
// Left out: windows.CreateFile, whose effect is in a disposition that no flag
// of open(2) resembles, and what queries the whole file system (statfs).
var syscallFuncs = slices.Concat(
	within("syscall.", posix, posixLinux, win32),
	within("golang.org/x/sys/unix.", posix, posixLinux, unixAlone),
	within("golang.org/x/sys/windows.", win32, windowsAlone),
)

// posix is what syscall and unix have on every Unix.
var posix = []Func{
	// Looking.
	{Name: "Access", Ops: at(0, Check)},
	{Name: "Stat", Ops: at(0, Check)},
	{Name: "Lstat", Ops: at(0, Check), Traits: NoFollow},
	{Name: "Readlink", Ops: at(0, Resolve), Traits: NoFollow},

	// Opening.
	{Name: "Open", Ops: at(0, ByFlags), Gives: Handle, Flags: 1, Perm: 2},

	// Making.
	{Name: "Umask", Traits: SetsUmask},
	{Name: "Mkdir", Ops: at(0, MakeDir), Perm: 1},
	{Name: "Mkfifo", Ops: at(0, Link), Perm: 1},
	{Name: "Mknod", Ops: at(0, Link), Perm: 1},
	{Name: "Link", Ops: at(1, Link)},
	{Name: "Symlink", Ops: at(1, Link)},

	// Changing.
	{Name: "Chdir", Ops: at(0, ChangeDir)},
	{Name: "Chroot", Ops: at(0, ChangeDir)},
	{Name: "Chmod", Ops: at(0, SetMode)},
	{Name: "Chown", Ops: at(0, SetOwner)},
	{Name: "Lchown", Ops: at(0, SetOwner), Traits: NoFollow},
	{Name: "Utimes", Ops: at(0, SetTimes)},
	{Name: "UtimesNano", Ops: at(0, SetTimes)},
	{Name: "Truncate", Ops: at(0, Write)},
	{Name: "Rename", Ops: []Op{{0, Move}, {1, Replace}}},
	{Name: "Unlink", Ops: at(0, Remove)},
	{Name: "Rmdir", Ops: at(0, Remove)},
	{Name: "Unmount", Ops: at(0, Mount)},
	{Name: "Exec", Ops: at(0, Exec)},

	// By the descriptor.
	{Name: "Close", Traits: ClosesDescriptor},
	{Name: "Socketpair"},
	{Name: "Pipe"},
	{Name: "Fsync", Traits: Syncs | Borrows},
	{Name: "Fchmod", Traits: Borrows},
	{Name: "Fchown", Traits: Borrows},
	{Name: "Fstat", Traits: Borrows},
	{Name: "Ftruncate", Traits: Borrows},
	{Name: "Pread", Traits: Borrows},
	{Name: "Pwrite", Traits: Borrows},
	{Name: "GetsockoptInt", Traits: Borrows},
	{Name: "SetsockoptInt", Traits: Borrows},
	{Name: "Flock", Traits: LocksFile},
	{Name: "FcntlFlock", Traits: LocksFile},
}

// posixLinux is what both have on Linux, and unix elsewhere too.
var posixLinux = []Func{
	// Relative to a directory.
	{Name: "Openat", Ops: at(1, ByFlags), Gives: Handle, Flags: 2, Perm: 3, Traits: AtDir},
	{Name: "Faccessat", Ops: at(1, Check), Traits: AtDir},
	{Name: "Mkdirat", Ops: at(1, MakeDir), Perm: 2, Traits: AtDir},
	{Name: "Mknodat", Ops: at(1, Link), Perm: 2, Traits: AtDir},
	{Name: "Fchmodat", Ops: at(1, SetMode), Traits: AtDir},
	{Name: "Fchownat", Ops: at(1, SetOwner), Traits: AtDir},
	{Name: "Futimesat", Ops: at(1, SetTimes), Traits: AtDir},
	{Name: "Renameat", Ops: []Op{{1, Move}, {3, Replace}}, Traits: AtDir},
	{Name: "Unlinkat", Ops: at(1, Remove), Traits: AtDir},

	{Name: "Pipe2"},
	{Name: "Creat", Ops: at(0, Create), Gives: Handle, Perm: 1},
	{Name: "Utime", Ops: at(0, SetTimes)},
	{Name: "Mount", Ops: at(1, Mount)},
	{Name: "InotifyAddWatch", Ops: at(1, Open)},
	{Name: "Getxattr", Ops: at(0, Check)},
	{Name: "Listxattr", Ops: at(0, Check)},
	{Name: "Setxattr", Ops: at(0, SetAttr)},
	{Name: "Removexattr", Ops: at(0, SetAttr)},
	{Name: "Fdatasync", Traits: Syncs | Borrows},
	{Name: "Fallocate", Traits: Borrows},
}

// unixAlone is what only golang.org/x/sys/unix has.
var unixAlone = []Func{
	{Name: "Openat2", Ops: at(1, Open), Gives: Handle, Traits: AtDir},
	{Name: "Faccessat2", Ops: at(1, Check), Traits: AtDir},
	{Name: "Fstatat", Ops: at(1, Check), Traits: AtDir},
	{Name: "Statx", Ops: at(1, Check), Traits: AtDir},
	{Name: "Readlinkat", Ops: at(1, Resolve), Traits: AtDir | NoFollow},
	{Name: "Mkfifoat", Ops: at(1, Link), Perm: 2, Traits: AtDir},
	{Name: "Linkat", Ops: at(3, Link), Traits: AtDir},
	{Name: "Symlinkat", Ops: at(2, Link), Traits: AtDir},
	{Name: "UtimesNanoAt", Ops: at(1, SetTimes), Traits: AtDir},

	// Who calls these wants not to replace, or to exchange: to replace,
	// plain renameat(2) is shorter.
	{Name: "Renameat2", Ops: []Op{{1, Move}, {3, Link}}, Traits: AtDir},
	{Name: "RenameatxNp", Ops: []Op{{1, Move}, {3, Link}}, Traits: AtDir},
	{Name: "RenamexNp", Ops: []Op{{0, Move}, {1, Link}}},

	{Name: "Lutimes", Ops: at(0, SetTimes), Traits: NoFollow},
	{Name: "Chflags", Ops: at(0, SetAttr)},
	{Name: "Lgetxattr", Ops: at(0, Check), Traits: NoFollow},
	{Name: "Llistxattr", Ops: at(0, Check), Traits: NoFollow},
	{Name: "Lsetxattr", Ops: at(0, SetAttr), Traits: NoFollow},
	{Name: "Lremovexattr", Ops: at(0, SetAttr), Traits: NoFollow},

	// By the descriptor.
	{Name: "Fadvise", Traits: Borrows},
	{Name: "Fgetxattr", Traits: Borrows},
	{Name: "Fsetxattr", Traits: Borrows},
	{Name: "IoctlGetInt", Traits: Borrows},
	{Name: "IoctlGetTermios", Traits: Borrows},
	{Name: "IoctlSetTermios", Traits: Borrows},
	{Name: "IoctlGetWinsize", Traits: Borrows},
}

// win32 is what syscall and windows have on Windows. Their paths are UTF-16.
var win32 = []Func{
	{Name: "UTF16PtrFromString", Gives: Pure},
	{Name: "FullPath", Gives: Pure},
	{Name: "GetFileAttributes", Ops: at(0, Check)},
	{Name: "GetFileAttributesEx", Ops: at(0, Check)},
	{Name: "FindFirstFile", Ops: at(0, Check)},
	{Name: "SetFileAttributes", Ops: at(0, SetAttr)},
	{Name: "CreateDirectory", Ops: at(0, MakeDir)},
	{Name: "RemoveDirectory", Ops: at(0, Remove)},
	{Name: "DeleteFile", Ops: at(0, Remove)},
	{Name: "MoveFile", Ops: []Op{{0, Move}, {1, Link}}}, // never replaces
	{Name: "SetCurrentDirectory", Ops: at(0, ChangeDir)},
	{Name: "CloseHandle", Traits: ClosesDescriptor},
	{Name: "FlushFileBuffers", Traits: Syncs},
	{Name: "CreateHardLink", Ops: at(0, Link)},
	{Name: "CreateSymbolicLink", Ops: at(0, Link)},
}

// windowsAlone is what only golang.org/x/sys/windows has.
var windowsAlone = []Func{
	{Name: "MoveFileEx", Ops: []Op{{0, Move}, {1, Replace}}},
	{Name: "LockFileEx", Traits: LocksFile},
	{Name: "UnlockFileEx", Traits: Unlocks},
	{Name: "KnownFolderPath", From: UserDir},
	{Name: "SetNamedSecurityInfo", Ops: at(0, SetOwner)},

	// Its imitations of Unix.
	{Name: "Open", Ops: at(0, ByFlags), Gives: Handle, Flags: 1, Perm: 2},
	{Name: "Umask", Traits: SetsUmask},
	{Name: "Mkdir", Ops: at(0, MakeDir), Perm: 1},
	{Name: "Chdir", Ops: at(0, ChangeDir)},
	{Name: "Chmod", Ops: at(0, SetMode)},
	{Name: "Rename", Ops: []Op{{0, Move}, {1, Replace}}},
	{Name: "Unlink", Ops: at(0, Remove)},
	{Name: "Rmdir", Ops: at(0, Remove)},
}
