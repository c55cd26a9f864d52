// Package atomicfix writes files so that a reader, a crash or a second process
// sees the old content or the new, and nothing in between.
//
// Its functions take the arguments of their namesakes in package os, in the same
// order, and return the same errors, so that a call can be changed by its name
// alone:
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
// [With] has the same verbs with options, and [In] beneath an [os.Root].
//
// What others call it:
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
// Left out, since a caller has it in a few lines: a name that is chosen at last
// (snapd's CommitAs: Commit, then Rename), a modification time (os.Chtimes after
// Commit), a set of files (moby's WriteSet: Create each, then Commit each), and a
// temporary in another directory, whose rename may cross file systems.
//
// # What happens to the file
//
// The content goes to a hidden temporary file in the target's own directory. It
// is made durable (fsync(2)) and given the target's name (rename(2)), and then
// the directory is made durable. [NoSync] leaves the durable part out.
//
// Links are followed, and the file behind them is replaced; the links stay. A
// file that exists keeps its owner, group, mode, POSIX ACL and user's extended
// attributes, as they are when it is replaced; one that does not is created with
// perm before umask, and what the directory's default ACL says. An unprivileged
// writer takes setuid and setgid from a file, as by write(2). What os.WriteFile
// refuses is refused: a file that may not be written, though its directory may,
// and a directory.
//
// At no moment can anybody read the new content, or write to it, who cannot do
// so afterwards: the temporary is closed to others until it has the owner and the
// ACL of the old file, and the mode is set last. In place, a mode that is asked
// for takes rights before the content is written, and gives them after it.
//
// Some files cannot be replaced, and os.WriteFile writes to them; so it is here:
//
//   - A device, FIFO or socket, and what is behind a link of procfs such as
//     /dev/stdout, is a stream: it is opened when os.Create would open it, and
//     written to as the content comes, so that what an error or [File.Close]
//     leaves of it cannot be taken back. It is opened in its own directory,
//     without following a link, and must be the file that the name stood for;
//     only links of procfs are opened by their name.
//   - Another user's file in a directory like /tmp; a file that is mounted over
//     another, as configuration in containers is; one in a directory that takes
//     no new file, as in /proc, /sys and cgroups; one whose owner, group, ACL or
//     mode a new file neither has of itself, as on FAT, nor can be given: the
//     content is written in place at last, the space for it reserved first and the
//     rest cut off last, so that a full disk mostly leaves the old content. A crash
//     or a reader can see it half done. Up to a megabyte of content waits in memory, and more in a file without a name
//     in [os.TempDir].
//
// [Strict] makes these an error, [ErrNotAtomic].
//
// # Errors
//
// Errors are of type [*fs.PathError] or [*os.LinkError] and name the path that
// the caller gave, never that of a temporary; [errors.Is] finds [fs.ErrExist],
// [fs.ErrNotExist], [fs.ErrPermission] and the errno such as ENOSPC. After an
// error the old content stands, except that
//
//   - a [*DurabilityError] says that the new content is there, and may not survive
//     a power failure,
//   - a write in place may have broken off half way.
//
// # Differences from package os
//
//   - [File.Close] without [File.Commit] writes nothing, and returns
//     [ErrNotCommitted].
//   - A replaced file is another inode: hard links to the old one keep the old
//     content, and so do processes that have it open. A program that runs can be
//     replaced (os.WriteFile says ETXTBSY).
//   - A replacement needs room for both contents at once.
//   - A loop of links is ELOOP after 40, even where the system follows more.
//   - A stranger's link in a sticky directory that the world may write to is
//     EACCES, even where the system would follow it (fs.protected_symlinks). That
//     is about the last element of the name and the links that it leads to; which
//     links to directories on the way are followed, the system says, and so it does
//     of a stranger's FIFO or file there (fs.protected_fifos and
//     fs.protected_regular, proc_sys_fs(5)): it is opened as os.Create would.
//   - If the name stands for no regular file any more when the content is
//     published, it is left alone, and there is an error.
//
// # What this does not protect against
//
//   - Hard links: the other names of a replaced file part from it.
//   - Watchers by inode: inotify(7) or kqueue(2) on the file, not its directory,
//     goes on watching the old one; so does tail -f, and a bind mount of the file.
//   - Network file systems: a client's cache may show the old content for a while,
//     a server may not do what fsync asks, and a rename that was repeated after a
//     lost answer may be reported as failed. Locks on them may be local.
//   - Another writer that does not lock: of two that write, the last one wins.
//     [Update] excludes only other Updates.
//   - A process that is killed while it replaces a file leaves its temporary,
//     named .atomicfix-*.tmp; [RemoveStale] removes those. A new file leaves none
//     on Linux, where the file system has files without a name (O_TMPFILE).
//   - A change of the old file's mode, owner or ACL in the moment between the last
//     look at it and the rename: it is lost with the file. The look comes after
//     the content has been synced.
//   - Several files: each is replaced by itself, and a crash may come between.
//   - Whoever may write to the directory: they may replace anything in it, and
//     move it under a name; see [In] for what a root keeps out.
//   - A disk that says it has written what it has not.
//
// # Systems
//
// It builds for every system that Go builds for, with Go 1.25 or later. Linux is
// the system that all of this is tested on. On macOS and the BSDs ACLs are not
// kept, and on the BSDs neither are extended attributes. Only Linux and macOS
// rename exclusively; elsewhere a link(2) and an unlink(2) take that place. On
// OpenBSD a directory that may be searched but not read cannot be written to.
//
// DragonFly BSD, Solaris, illumos, AIX, Plan 9, js and wasip1 have a plain
// fallback, which is compiled and not tested: a temporary file and a rename by
// package os, with owner, group and mode kept where the system has them, and
// nothing else. On Plan 9 a rename removes the old file first. Plan 9, js and
// wasip1 have no locks, so that Update fails there.
//
// On Windows a file that somebody has open cannot be replaced unless it was
// opened so as to allow that, which Go's own readers do not. Writing then tries
// again for up to two seconds, and at last writes in place. The DACL and the
// attributes are kept. Names are cleaned before they are used, and there is no
// call that makes a directory durable.
package atomicfix
