package atomicfix

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// What the tests of other packages compare those packages with, in our words: their
// users rely on it. docs/benchmarks.md has the counts.

// A promise is one case of a suite. It works in dir, on the file f there.
type promise struct {
	what string
	hold func(dir, f string) error
}

// want compares, for cases that read as a list of what is to be.
func want[T comparable](what string, got, want T) error {
	if got != want {
		return fmt.Errorf("%s is %v, not %v", what, got, want)
	}
	return nil
}

func wantIs(what string, err, target error) error {
	if !errors.Is(err, target) {
		return fmt.Errorf("%s: %v, not %v", what, err, target)
	}
	return nil
}

func modeOf(name string) fs.FileMode {
	info, err := os.Lstat(name)
	if err != nil {
		return 0
	}
	return info.Mode()
}

func entries(dir string) string {
	list, _ := os.ReadDir(dir)
	var names []string
	for _, e := range list {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}

// old lays a file with a mode.
func old(name string, mode fs.FileMode) error {
	return errorsOf(os.WriteFile(name, []byte(oldText), 0o600), os.Chmod(name, mode))
}

// commit writes s and publishes it.
func commit(f *File, err error, s string) error {
	if err != nil {
		return err
	}
	defer f.Close()
	return errorsOf(second(f.WriteString(s)), f.Commit())
}

func opened(f *File, err error) (*File, func(string) error) {
	return f, func(s string) error { return commit(f, err, s) }
}

var suites = map[string][]promise{
	"renameio": {
		{"a new file has the permissions less the umask", func(dir, f string) error {
			defer syscall.Umask(syscall.Umask(0o027))
			return errorsOf(WriteFile(f, nil, 0o666), want("mode", modeOf(f), 0o640))
		}},
		{"permissions can ignore the umask", func(dir, f string) error {
			defer syscall.Umask(syscall.Umask(0o077))
			return errorsOf(WriteFileMode(f, nil, 0o666), want("mode", modeOf(f), 0o666))
		}},
		{"the permissions of the replaced file stay", func(dir, f string) error {
			return errorsOf(old(f, 0o604), WriteFile(f, nil, 0o666), want("mode", modeOf(f), 0o604))
		}},
		{"permissions can be set whatever the old file has", func(dir, f string) error {
			return errorsOf(old(f, 0o604), WriteFileMode(f, nil, 0o640), want("mode", modeOf(f), 0o640))
		}},
		{"a pending file is seen only when it is committed", func(dir, f string) error {
			w, err := Create(f)
			if err != nil {
				return err
			}
			defer w.Close()
			return errorsOf(second(w.WriteString(newText)), want("content", text(f), "-"), w.Commit(), want("content", text(f), newText))
		}},
		{"the cleanup of a pending file leaves nothing", func(dir, f string) error {
			w, err := Create(f)
			if err != nil {
				return err
			}
			w.Close()
			return want("directory", entries(dir), "")
		}},
		{"the cleanup of a committed file does nothing", func(dir, f string) error {
			w, end := opened(Create(f))
			return errorsOf(end(newText), w.Close(), w.Close(), want("content", text(f), newText))
		}},
		{"the temporary lies in the directory of the target", func(dir, f string) error {
			if err := old(f, 0o600); err != nil {
				return err
			}
			w, err := Create(f)
			if err != nil {
				return err
			}
			defer w.Close()
			return want("temporaries beside it", len(strings.Fields(entries(dir))), 2)
		}},
		{"a link is replaced by a link", func(dir, f string) error {
			if err := errorsOf(Symlink("a", f), Symlink("b", f)); err != nil {
				return err
			}
			to, err := os.Readlink(f)
			return errorsOf(err, want("link", to, "b"), want("directory", entries(dir), "f"))
		}},
		{"the mode is that of os.WriteFile, for each umask", func(dir, f string) error {
			for _, umask := range []int{0, 0o022, 0o077, 0o027} {
				for _, perm := range []fs.FileMode{0o600, 0o640, 0o666, 0o755, 0o777, 0o400} {
					os.Remove(f)
					os.Remove(f + "2")
					old := syscall.Umask(umask)
					err := errorsOf(WriteFile(f, nil, perm), os.WriteFile(f+"2", nil, perm))
					syscall.Umask(old)
					if err := errorsOf(err, want("mode", modeOf(f), modeOf(f+"2"))); err != nil {
						return err
					}
				}
			}
			return nil
		}},
		{"a mode can be set before the content, and after it", func(dir, f string) error {
			w, end := opened(Create(f))
			v, endv := opened(Create(f + "2"))
			return errorsOf(w.Chmod(0o604), end(newText), second(v.WriteString(newText)), v.Chmod(0o604), endv(""),
				want("mode", modeOf(f), 0o604), want("mode", modeOf(f+"2"), 0o604))
		}},
		{"two pending files of one name do not meet", func(dir, f string) error {
			_, one := opened(Create(f))
			_, two := opened(Create(f))
			return errorsOf(two("2"), one("1"), want("content", text(f), "1"), want("directory", entries(dir), "f"))
		}},
		{"a link is not made where a directory is", func(dir, f string) error {
			return errorsOf(os.Mkdir(f, 0o700), wantIs("error", Symlink("a", f), fs.ErrExist))
		}},
	},
	"natefinch/atomic": {
		{"all that a reader gives is written", func(dir, f string) error {
			long := strings.Repeat(newText, 1<<14)
			return errorsOf(WriteReader(f, strings.NewReader(long), 0o600), want("content", text(f) == long, true))
		}},
		{"an existing file is replaced and keeps its mode", func(dir, f string) error {
			return errorsOf(old(f, 0o644), WriteReader(f, strings.NewReader(newText), 0o600),
				want("content", text(f), newText), want("mode", modeOf(f), 0o644))
		}},
		{"a reader that fails leaves the old file", func(dir, f string) error {
			return errorsOf(old(f, 0o644), wantIs("error", WriteReader(f, failing{io.ErrNoProgress}, 0o600), io.ErrNoProgress),
				want("content", text(f), oldText), want("directory", entries(dir), "f"))
		}},
		{"one file takes the place of another", func(dir, f string) error {
			return errorsOf(old(f, 0o644), os.WriteFile(f+"2", []byte(newText), 0o600), Rename(f+"2", f),
				want("content", text(f), newText), want("directory", entries(dir), "f"))
		}},
		{"and of none", func(dir, f string) error {
			return errorsOf(old(f+"2", 0o644), Rename(f+"2", f), want("content", text(f), oldText))
		}},
		{"a reader of nothing makes an empty file", func(dir, f string) error {
			return errorsOf(old(f, 0o644), WriteReader(f, strings.NewReader(""), 0o600), want("content", text(f), ""))
		}},
		{"a directory that is not there is an error, and is not made", func(dir, f string) error {
			return errorsOf(wantIs("error", WriteReader(f+"/no/f", strings.NewReader(""), 0o600), fs.ErrNotExist), want("directory", entries(dir), ""))
		}},
		{"a file that is not there takes no place", func(dir, f string) error {
			return errorsOf(old(f, 0o644), wantIs("error", Rename(f+"2", f), fs.ErrNotExist), want("content", text(f), oldText))
		}},
	},
	"moby/atomicwriter": {
		{"a writer publishes when it ends", func(dir, f string) error {
			_, end := opened(CreateMode(f, 0o640))
			return errorsOf(end(newText), want("content", text(f), newText), want("mode", modeOf(f), 0o640))
		}},
		{"a failed write publishes nothing", func(dir, f string) error {
			w, err := Create(f)
			if err != nil {
				return err
			}
			defer w.Close()
			w.WriteString(newText)
			w.ReadFrom(failing{io.ErrNoProgress})
			return errorsOf(wantIs("Commit", w.Commit(), io.ErrNoProgress), want("directory", entries(dir), ""))
		}},
		{"a directory that is not there is an error", func(dir, f string) error {
			return errorsOf(wantIs("error", WriteFile(f+"/no", nil, 0o600), fs.ErrNotExist), want("directory", entries(dir), ""))
		}},
		{"a parent that is a file is an error", func(dir, f string) error {
			return errorsOf(old(f, 0o644), wantIs("error", WriteFile(f+"/g", nil, 0o600), syscall.ENOTDIR), want("content", text(f), oldText))
		}},
		{"a directory is not replaced", func(dir, f string) error {
			return errorsOf(os.Mkdir(f, 0o700), wantIs("error", WriteFile(f, nil, 0o600), syscall.EISDIR))
		}},
		{"an empty name is an error", func(dir, f string) error {
			return wantIs("error", WriteFile("", nil, 0o600), fs.ErrNotExist)
		}},
		{"a link is followed and stays", func(dir, f string) error {
			return errorsOf(old(f+"2", 0o644), os.Symlink("f2", f), WriteFile(f, []byte(newText), 0o600),
				want("content", text(f+"2"), newText), want("link", modeOf(f)&fs.ModeSymlink != 0, true))
		}},
		{"a link that dangles makes the file", func(dir, f string) error {
			return errorsOf(os.Symlink("f2", f), WriteFile(f, []byte(newText), 0o600), want("content", text(f+"2"), newText))
		}},
		{"several files are published one after another", func(dir, f string) error {
			_, one := opened(Create(f))
			_, two := opened(Create(f + "2"))
			return errorsOf(one("1"), two("2"), want("content", text(f)+text(f+"2"), "12"))
		}},
		{"a link to the directory is followed", func(dir, f string) error {
			return errorsOf(os.Mkdir(f+"d", 0o700), os.Symlink("fd", f), WriteFile(f+"/g", []byte(newText), 0o600),
				want("content", text(f+"d/g"), newText), want("directory", entries(f+"d"), "g"))
		}},
		{"a link to no directory is an error", func(dir, f string) error {
			return errorsOf(os.Symlink("nowhere", f), wantIs("error", WriteFile(f+"/g", nil, 0o600), fs.ErrNotExist))
		}},
		{"a writer that writes nothing makes an empty file", func(dir, f string) error {
			_, end := opened(CreateMode(f, 0o604))
			return errorsOf(old(f, 0o644), end(""), want("content", text(f), ""), want("mode", modeOf(f), 0o604))
		}},
		{"a mode with the sticky bit is set", func(dir, f string) error {
			return errorsOf(WriteFileMode(f, nil, fs.ModeSticky|0o755), want("mode", modeOf(f), fs.ModeSticky|0o755))
		}},
		{"of several files that are given up none is there", func(dir, f string) error {
			one, err := Create(f)
			two, err2 := Create(f + "2")
			if err := errorsOf(err, err2); err != nil {
				return err
			}
			one.WriteString(newText)
			one.Close()
			two.Close()
			return want("directory", entries(dir), "")
		}},
	},
	"snapd AtomicFile": {
		{"a file is written", func(dir, f string) error {
			return errorsOf(WriteFile(f, []byte(newText), 0o600), want("content", text(f), newText), want("directory", entries(dir), "f"))
		}},
		{"permissions are given whatever the umask", func(dir, f string) error {
			defer syscall.Umask(syscall.Umask(0o077))
			return errorsOf(WriteFileMode(f, nil, 0o644), want("mode", modeOf(f), 0o644))
		}},
		{"a file is overwritten", func(dir, f string) error {
			return errorsOf(old(f, 0o644), WriteFile(f, []byte(newText), 0o600), want("content", text(f), newText))
		}},
		{"an absolute link is followed", func(dir, f string) error {
			return errorsOf(old(f+"2", 0o644), os.Symlink(f+"2", f), WriteFile(f, []byte(newText), 0o600), want("content", text(f+"2"), newText))
		}},
		{"a relative link is followed from its own directory", func(dir, f string) error {
			return errorsOf(os.Mkdir(f+"d", 0o700), old(f+"2", 0o644), os.Symlink("../f2", f+"d/l"),
				WriteFile(f+"d/l", []byte(newText), 0o600), want("content", text(f+"2"), newText), want("directory", entries(f+"d"), "l"))
		}},
		{"a link can be refused", func(dir, f string) error {
			return errorsOf(old(f+"2", 0o644), os.Symlink("f2", f), wantIs("error", With(NoFollow()).WriteFile(f, nil, 0o600), syscall.ELOOP),
				want("content", text(f+"2"), oldText))
		}},
		{"a temporary that is there already is in nobody's way", func(dir, f string) error {
			return errorsOf(old(filepath.Join(dir, staleName), 0o600), WriteFile(f, []byte(newText), 0o600), want("content", text(f), newText))
		}},
		{"a cancelled file leaves the old one", func(dir, f string) error {
			if err := old(f, 0o644); err != nil {
				return err
			}
			w, err := Create(f)
			if err != nil {
				return err
			}
			w.WriteString(newText)
			return errorsOf(wantIs("Close", w.Close(), ErrNotCommitted), want("content", text(f), oldText), want("directory", entries(dir), "f"))
		}},
		{"to cancel after the commit does nothing", func(dir, f string) error {
			w, end := opened(Create(f))
			return errorsOf(end(newText), w.Close(), want("content", text(f), newText))
		}},
		{"to commit twice is an error", func(dir, f string) error {
			w, end := opened(Create(f))
			return errorsOf(end(newText), wantIs("Commit", w.Commit(), fs.ErrClosed))
		}},
		{"owner and group can be chosen", func(dir, f string) error {
			w, err := Create(f)
			if err != nil {
				return err
			}
			if os.Getuid() != 0 {
				return errorsOf(w.Chown(os.Getuid(), -1), commit(w, nil, newText))
			}
			if err := errorsOf(w.Chown(somebody, stranger), commit(w, nil, newText)); err != nil {
				return err
			}
			info, err := os.Stat(f)
			if err != nil {
				return err
			}
			st := info.Sys().(*syscall.Stat_t)
			return errorsOf(want("owner", st.Uid, somebody), want("group", st.Gid, stranger))
		}},
		{"a link is replaced at once", func(dir, f string) error {
			if err := errorsOf(os.Symlink("a", f), Symlink("b", f)); err != nil {
				return err
			}
			to, err := os.Readlink(f)
			return errorsOf(err, want("link", to, "b"))
		}},
		{"a rename goes across directories", func(dir, f string) error {
			return errorsOf(os.Mkdir(f+"d", 0o700), old(f, 0o644), Rename(f, f+"d/g"), want("content", text(f+"d/g"), oldText))
		}},
		{"a file has another name at last", func(dir, f string) error {
			_, end := opened(Create(f))
			return errorsOf(end(newText), Rename(f, f+"2"), want("content", text(f+"2"), newText), want("directory", entries(dir), "f2"))
		}},
		{"a modification time can be given", func(dir, f string) error {
			when := time.Unix(1e9, 0)
			if err := errorsOf(WriteFile(f, nil, 0o600), os.Chtimes(f, when, when)); err != nil {
				return err
			}
			info, err := os.Stat(f)
			if err != nil {
				return err
			}
			return want("time", info.ModTime().Unix(), when.Unix())
		}},
		{"a link to a link is followed to the end", func(dir, f string) error {
			return errorsOf(old(f+"3", 0o644), os.Symlink("f3", f+"2"), os.Symlink("f2", f), WriteFile(f, []byte(newText), 0o600),
				want("content", text(f+"3"), newText), want("directory", entries(dir), "f f2 f3"))
		}},
		{"a link in a directory that is not there is an error", func(dir, f string) error {
			return wantIs("error", Symlink("a", f+"/no"), fs.ErrNotExist)
		}},
		{"a link over a link leaves what that led to", func(dir, f string) error {
			return errorsOf(old(f+"2", 0o604), os.Symlink("f2", f), Symlink("f3", f), want("content", text(f+"2"), oldText), want("mode", modeOf(f+"2"), 0o604))
		}},
		{"a rename replaces, and keeps the mode of what is renamed", func(dir, f string) error {
			return errorsOf(old(f, 0o604), old(f+"2", 0o640), Rename(f, f+"2"), want("mode", modeOf(f+"2"), 0o604), want("directory", entries(dir), "f2"))
		}},
		{"a rename replaces a link, not what it leads to", func(dir, f string) error {
			return errorsOf(old(f, 0o604), old(f+"3", 0o640), os.Symlink("f3", f+"2"), Rename(f, f+"2"),
				want("mode", modeOf(f+"2"), 0o604), want("mode", modeOf(f+"3"), 0o640))
		}},
		{"a directory is renamed", func(dir, f string) error {
			return errorsOf(os.Mkdir(f, 0o700), Rename(f, f+"2"), want("directory", entries(dir), "f2"))
		}},
	},
	"package os": {
		{"WriteFile makes and replaces", func(dir, f string) error {
			return errorsOf(WriteFile(f, []byte(oldText), 0o644), WriteFile(f, []byte(newText), 0o644), want("content", text(f), newText))
		}},
		{"the error of a read-only file", func(dir, f string) error {
			if os.Getuid() == 0 {
				return nil
			}
			return errorsOf(old(f, 0o444), wantIs("error", WriteFile(f, nil, 0o644), fs.ErrPermission))
		}},
		{"Create of a directory", func(dir, f string) error {
			return wantIs("error", second(Create(dir)), syscall.EISDIR)
		}},
		{"exclusive creation, of a dangling link, too", func(dir, f string) error {
			return errorsOf(os.Symlink("nowhere", f), wantIs("error", second(CreateExcl(f, 0o600)), fs.ErrExist))
		}},
		{"Seek from start, end and here", func(dir, f string) error {
			w, end := opened(Create(f))
			if err := second(w.WriteString("0123456789")); err != nil {
				return err
			}
			for _, s := range []struct{ off, whence, pos int64 }{{3, 0, 3}, {2, 1, 5}, {-1, 2, 9}, {20, 0, 20}, {0, 2, 10}} {
				pos, err := w.Seek(s.off, int(s.whence))
				if err := errorsOf(err, want("position", pos, s.pos)); err != nil {
					return err
				}
			}
			return errorsOf(end("!"), want("content", text(f), "0123456789!"))
		}},
		{"a negative offset is an error", func(dir, f string) error {
			w, err := Create(f)
			if err != nil {
				return err
			}
			defer w.Close()
			_, err = w.WriteAt(nil, -1)
			return want("an error", err != nil, true)
		}},
		{"WriteAt and ReadAt", func(dir, f string) error {
			w, end := opened(Create(f))
			buf := make([]byte, 3)
			w.WriteString("hello, world")
			_, err := w.WriteAt([]byte("WORLD"), 7)
			n, rerr := w.ReadAt(buf, 9)
			return errorsOf(err, rerr, want("read", string(buf[:n]), "RLD"), end(""), want("content", text(f), "hello, WORLD"))
		}},
		{"ReadAt over the end is io.EOF", func(dir, f string) error {
			w, err := Create(f)
			if err != nil {
				return err
			}
			defer w.Close()
			w.WriteString("abc")
			n, err := w.ReadAt(make([]byte, 10), 1)
			return errorsOf(want("bytes", n, 2), want("error", err, io.EOF))
		}},
		{"Truncate makes shorter and longer", func(dir, f string) error {
			w, end := opened(Create(f))
			w.WriteString("hello")
			return errorsOf(w.Truncate(2), w.Truncate(4), end("!"), want("content", text(f), "he\x00\x00\x00!"))
		}},
		{"Stat has name, size and mode", func(dir, f string) error {
			w, err := CreateMode(f, 0o640)
			if err != nil {
				return err
			}
			defer w.Close()
			w.WriteString("hello")
			info, err := w.Stat()
			if err != nil {
				return err
			}
			return errorsOf(want("name", info.Name(), "f"), want("size", info.Size(), 5), want("mode", info.Mode(), 0o640))
		}},
		{"ReadFrom takes what a reader gives", func(dir, f string) error {
			w, end := opened(Create(f))
			n, err := w.ReadFrom(bytes.NewReader(make([]byte, 1<<20)))
			return errorsOf(err, want("bytes", n, 1<<20), end("!"), want("size", len(text(f)), 1<<20+1))
		}},
		{"Rename over a file, and not over a directory", func(dir, f string) error {
			return errorsOf(old(f, 0o644), old(f+"2", 0o644), Rename(f, f+"2"), os.Mkdir(f+"d", 0o700),
				want("an error", Rename(f+"2", f+"d") != nil, true))
		}},
		{"the error of Rename names both", func(dir, f string) error {
			var e *os.LinkError
			err := Rename(f, f+"2")
			return errorsOf(want("type", errors.As(err, &e), true), want("names", e.Old+e.New, f+f+"2"))
		}},
		{"Symlink does not replace a file", func(dir, f string) error {
			return errorsOf(old(f, 0o644), wantIs("error", Symlink("a", f), fs.ErrExist), want("content", text(f), oldText))
		}},
		{"/dev/null takes everything", func(dir, f string) error { return WriteFile(os.DevNull, []byte(newText), 0o600) }},
		{"a name with a zero byte", func(dir, f string) error {
			return wantIs("error", WriteFile(f+"\x00", nil, 0o600), syscall.EINVAL)
		}},
		{"a name of 255 bytes, and of 256", func(dir, f string) error {
			long := filepath.Join(dir, strings.Repeat("x", 255))
			return errorsOf(WriteFile(long, nil, 0o600), wantIs("error", WriteFile(long+"x", nil, 0o600), syscall.ENAMETOOLONG))
		}},
		{"what is closed stays closed", func(dir, f string) error {
			w, end := opened(Create(f))
			return errorsOf(end(newText), wantIs("Write", second(w.Write(nil)), fs.ErrClosed), wantIs("Stat", second(w.Stat()), fs.ErrClosed),
				wantIs("Chmod", w.Chmod(0o600), fs.ErrClosed), wantIs("Truncate", w.Truncate(0), fs.ErrClosed))
		}},
		{"a nil file is usable", func(dir, f string) error {
			var w *File
			return errorsOf(wantIs("Write", second(w.Write(nil)), fs.ErrInvalid), wantIs("Commit", w.Commit(), fs.ErrInvalid),
				wantIs("Close", w.Close(), fs.ErrInvalid), wantIs("Chown", w.Chown(0, 0), fs.ErrInvalid))
		}},
		{"WriteAt from many goroutines", func(dir, f string) error {
			w, end := opened(Create(f))
			var wg sync.WaitGroup
			for i := range 26 {
				wg.Go(func() { w.WriteAt([]byte{byte('a' + i)}, int64(i)) })
			}
			wg.Wait()
			return errorsOf(end(""), want("content", text(f), "abcdefghijklmnopqrstuvwxyz"))
		}},
		{"a loop of links", func(dir, f string) error {
			return errorsOf(os.Symlink("f2", f), os.Symlink("f", f+"2"), wantIs("error", WriteFile(f, nil, 0o600), syscall.ELOOP))
		}},
		{"a negative size is an error", func(dir, f string) error {
			w, err := Create(f)
			if err != nil {
				return err
			}
			defer w.Close()
			return wantIs("error", w.Truncate(-1), syscall.EINVAL)
		}},
		{"Chown with -1 leaves the owner", func(dir, f string) error {
			w, end := opened(Create(f))
			return errorsOf(old(f, 0o604), w.Chown(-1, -1), end(newText), want("mode", modeOf(f), 0o604))
		}},
		{"Rename to the same name does nothing", func(dir, f string) error {
			return errorsOf(old(f, 0o604), Rename(f, f), want("content", text(f), oldText))
		}},
		{"Rename of nothing, of a parent that is a file", func(dir, f string) error {
			return errorsOf(old(f, 0o604), wantIs("error", Rename(f+"/g", f+"2"), syscall.ENOTDIR), wantIs("error", Rename(f+"3", f), fs.ErrNotExist))
		}},
		{"a long target of a link", func(dir, f string) error {
			long := strings.Repeat("x/", 500)
			if err := Symlink(long, f); err != nil {
				return err
			}
			to, err := os.Readlink(f)
			return errorsOf(err, want("link", to, long))
		}},
		{"a path that is too long", func(dir, f string) error {
			return wantIs("error", WriteFile(dir+strings.Repeat("/.", 3000)+"/f", nil, 0o600), syscall.ENAMETOOLONG)
		}},
		{"OpenStat of what is not there, and of a directory", func(dir, f string) error {
			r, info, err := OpenStat(dir)
			if err != nil {
				return err
			}
			defer r.Close()
			return errorsOf(want("directory", info.IsDir(), true), wantIs("error", second(drop(OpenStat(f))), fs.ErrNotExist))
		}},
		{"a write of nothing", func(dir, f string) error {
			w, end := opened(Create(f))
			n, err := w.Write(nil)
			return errorsOf(err, want("bytes", n, 0), end(""), want("content", text(f), ""))
		}},
	},
}

// TestSuites is not parallel: some cases set the umask.
func TestSuites(t *testing.T) {
	for suite, promises := range suites {
		for _, p := range promises {
			t.Run(suite+"/"+p.what, func(t *testing.T) {
				dir := t.TempDir()
				if err := p.hold(dir, filepath.Join(dir, "f")); err != nil {
					t.Error(err)
				}
			})
		}
		t.Logf("%s: %d cases", suite, len(promises))
	}
}
