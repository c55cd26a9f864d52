// Package atomicfix writes files so that a reader, a crash or a second process
// sees either the old content or the new content, and nothing in between.
//
// Its functions take the arguments of their namesakes in package os, in the same
// order, and return the same errors. To use one, change only the name in the call:
//
//	os.WriteFile(name, data, 0o644)        atomicfix.WriteFile(name, data, 0o644)
//	os.WriteFile, then os.Chmod            atomicfix.WriteFileMode(name, data, 0o600)
//	os.Create, Write, Close                atomicfix.Create, Write, Commit
//	os.OpenFile with O_TRUNC and 0o600     atomicfix.CreatePerm(name, 0o600)
//	os.Stat, then os.WriteFile if absent   atomicfix.WriteFileExcl(name, data, 0o644)
//	os.ReadFile, change, os.WriteFile      atomicfix.Update(name, 0o644, change)
//	os.Stat, then os.Open                  atomicfix.OpenStat or OpenRegular(name)
//	os.Stat, then os.Rename if absent      atomicfix.RenameNoReplace(old, new)
//	os.Remove, then os.Symlink             atomicfix.Symlink(old, new)
//	os.Rename, and sync the directories    atomicfix.Rename(old, new)
//
// [With] provides the same functions with options, and [In] beneath an [os.Root].
//
// Other packages have these names for it:
//
//	renameio.WriteFile, MaybeWriteFile     WriteFile
//	renameio.NewPendingFile,               Create, Commit
//	  CloseAtomicallyReplace, Cleanup        and Close
//	renameio.Symlink                       Symlink
//	natefinch atomic.WriteFile(name, r)    WriteReader
//	natefinch atomic.ReplaceFile           Rename
//	moby atomicwriter.New, whose Close     Create, Commit
//	  publishes
//	snapd AtomicWriteChown                 Create, File.Chown, Commit
//	snapd AtomicSymlink, AtomicRename      Symlink, Rename
//	tempfile's persist_noclobber (Rust)    CreateExcl, Commit
//
// A few lines of the caller's code do the rest: to choose the name last (snapd's
// CommitAs) is Commit and then Rename, a modification time is os.Chtimes after
// Commit, and for a set of files (moby's WriteSet) call Create for each and then
// Commit for each. The temporary is never in another directory, because a rename
// from there may cross file systems.
//
// # What happens to the file
//
// The content goes to a hidden temporary file in the directory of the target. It is
// made durable (fsync(2)) and renamed to the target (rename(2)). Then the directory
// is made durable. [NoSync] omits the durable part.
//
// Links are followed: the file that a link leads to is replaced, and the link stays.
// A file that exists keeps its owner, group, mode, POSIX ACL and user's extended
// attributes, as they are when it is replaced; an attribute that the writer may not
// read, for example because the mode is 0200, is lost. A new file is created with perm
// before umask, and with the default ACL of the directory. If the writer is not
// privileged, the file loses setuid and setgid, as by write(2). What os.WriteFile
// refuses is refused: a directory, and a file that may not be written, even if its
// directory may.
//
// At no moment can a user read the new content, or write to it, who cannot do so
// afterwards: the temporary is closed to others until it has the owner and the ACL
// of the old file, and its mode is set last. If a file is written in place with a
// new mode, rights are taken away before the content is written, and added after it.
//
// Some files cannot be replaced, but os.WriteFile writes to them. These functions do
// so, too:
//
//   - A device, FIFO or socket, and the file behind a link of procfs such as
//     /dev/stdout, is a stream. It is opened when os.Create would open it, and is
//     written immediately, so an error or [File.Close] cannot take back what was
//     written. It is opened in its own directory, without following a link, and must
//     be the file that the name was resolved to. Only links of procfs are opened by
//     name.
//   - The content is written in place by Commit for another user's file in a
//     directory like /tmp, a file that is mounted over another one (for example
//     configuration in a container), a file in a directory that takes no new file (as
//     in /proc, /sys and cgroups), and a file whose owner, group, ACL or mode a new
//     file does not have and cannot be given, for example on FAT. The disk space is
//     reserved first and the rest of the old content is cut off last, so a full disk
//     usually leaves the old content. A crash or a reader can see such a file
//     partly written. Until Commit, up to a megabyte of content is in memory; more
//     is in a file without a name in [os.TempDir].
//
// With [Strict] these are an error, [ErrNotAtomic].
//
// # Errors
//
// Errors are of type [*fs.PathError] or [*os.LinkError] and contain the path that
// the caller passed, never that of a temporary. [errors.Is] finds [fs.ErrExist],
// [fs.ErrNotExist], [fs.ErrPermission] and the errno, for example ENOSPC. After an
// error the file has its old content, with two exceptions:
//
//   - A [*DurabilityError] means that the file has the new content, which may not
//     survive a power failure.
//   - A write in place may have stopped halfway.
//
// On Linux, the operation and the errno are those of package os for a name of any
// form, such as "", "/", "f/", "d/.." or one that is too long.
//
// # Differences from package os
//
//   - [File.Close] without [File.Commit] writes nothing, and returns
//     [ErrNotCommitted].
//   - A replaced file is a different inode: hard links to the old file keep the old
//     content, and so do processes that have it open. A program that runs can be
//     replaced (os.WriteFile returns ETXTBSY).
//   - A replacement needs disk space for both contents at once.
//   - More than 40 links in a row are ELOOP, even where the system follows more.
//   - Another user's link in a sticky directory that all users may write to is
//     EACCES, even where the system would follow it (fs.protected_symlinks). This
//     concerns the last element of the name and the links that it leads to. The
//     system decides about links to directories on the way, and about another user's
//     FIFO or file there (fs.protected_fifos and fs.protected_regular,
//     proc_sys_fs(5)): it is opened as by os.Create.
//   - If the name is no longer that of a regular file when the content is published,
//     it is not changed, and there is an error.
//
// # What this does not protect against
//
//   - Hard links: the other names of a replaced file keep the old file.
//   - Watchers by inode: inotify(7) or kqueue(2) on the file, and not on its
//     directory, continues to watch the old file. So do tail -f and a bind mount of
//     the file.
//   - Network file systems: the cache of a client may show the old content for some
//     time, a server may ignore fsync, and a rename that was repeated after a lost
//     answer may be reported as failed. Locks may be local to one client.
//   - Another writer that does not lock: of two writers, the last one wins. [Update]
//     excludes only other Updates.
//   - A process that is killed while it replaces a file leaves its temporary, with a
//     name .atomicfix-*.tmp. [RemoveStale] removes such files. For a new file there is
//     none on Linux if the file system supports files without a name (O_TMPFILE).
//   - A change between the last look at the old file and the rename. Its new mode,
//     owner or ACL is lost with it, and what has just got its name, such as a link
//     or a FIFO, is replaced. So is a file that has just got the name of a link that
//     [Symlink] replaces. The last look is after the sync.
//   - Several files: each is replaced separately, and a crash may come in between.
//   - Users who may write to the directory: they can replace everything in it, and
//     move it to another name. See [In] for what a root excludes.
//   - A disk that reports data as written that it has not written.
//
// # Systems
//
// The package builds on every system that Go supports, with Go 1.25 or later. It is
// tested on Linux. On macOS and the BSDs ACLs are not kept, and on the BSDs extended
// attributes are not kept either. Only Linux and macOS have an exclusive rename; other
// systems use link(2) and unlink(2) instead. On OpenBSD, files in a directory that may
// be searched but not read cannot be written.
//
// DragonFly BSD, Solaris, illumos, AIX, Plan 9, js and wasip1 have a simple
// fallback, which is compiled but not tested: a temporary file and a rename by
// package os. It keeps owner, group and mode where the system has them, and nothing
// else. On Plan 9 a rename removes the old file first. Plan 9, js and wasip1 have no
// locks, so Update fails there.
//
// On Windows a file that a process has open cannot be replaced unless it was opened
// in a mode that allows that, which Go's own readers do not use. A write then tries
// again for up to two seconds, and finally writes in place. The DACL and the
// attributes are kept. Names are cleaned before they are used, and no call makes a
// directory durable.
package atomicfix
