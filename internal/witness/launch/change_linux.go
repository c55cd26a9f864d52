package launch

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/edcacfbd/toctou/internal/witness/wire"
)

// canary is what the other process writes.
const canary = "written by another process while toctou witness looked on\n"

// A helper is the other process: what it changes lies below roots.
type helper struct {
	run     *Run
	roots   []string
	made    int
	outside string // what the last link leads to
	used    string // the path of the use
}

// at does what the plan has for a moment, and returns the answer.
func (h *helper) at(req wire.Request) (Moment, uint32) {
	m := Moment{Moment: req.Moment, Path: req.Name, Errno: req.Errno}
	if req.Moment == wire.TestEnd || req.Moment == wire.Returned {
		m.After = h.look(h.used)
		return m, 0
	}
	c := h.run.Change
	check := req.Moment == wire.CheckEnter || req.Moment == wire.CheckExit
	if req.Name2 != "" && (check && c.Check2 || !check && c.Second) {
		m.Path = req.Name2
	}
	if !check {
		h.used = m.Path
	}
	answer := uint32(0)
	if m.Path != "" {
		m.Before = h.look(m.Path)
	}
	now := c.Early && req.Moment == wire.CheckEnter || !c.Early && req.Moment == wire.UseEnter
	switch {
	case !now || c.What == Nothing:
	case c.What == Full:
		answer, m.Changed = wire.FillDisk, true
	default:
		if err := h.change(c.What, m.Path, m.Before); err != nil {
			m.Problem = err.Error()
		} else {
			m.Changed = true
			m.After = h.look(m.Path)
		}
	}
	if h.outside != "" {
		m.Outside = h.look(h.outside)
	}
	return m, answer
}

// errRefused is the error of a change that is not made, to be safe.
var errRefused = errors.New("it is not below a private directory")

// parent opens the directory of a path, which has to lie below a root: really, and not
// only by its name.
func (h *helper) parent(path string) (fd int, base string, err error) {
	fd, err = unix.Open(filepath.Dir(path), unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, "", err
	}
	where, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", fd))
	if err == nil && !h.private(where) {
		err = errRefused
	}
	if err != nil {
		unix.Close(fd)
		return -1, "", err
	}
	return fd, filepath.Base(path), nil
}

func (h *helper) private(dir string) bool {
	for _, root := range h.roots {
		if rel, err := filepath.Rel(root, dir); err == nil && filepath.IsLocal(rel) {
			return true
		}
	}
	return false
}

// change does to a path what another process does.
func (h *helper) change(what What, path string, old State) error {
	if what == Appear && !old.Exists {
		// The directory may be made between check and use.
		if err := h.makeParents(filepath.Dir(path)); err != nil {
			return err
		}
	}
	dir, base, err := h.parent(path)
	if err != nil {
		return err
	}
	defer unix.Close(dir)
	switch what {
	case Vanish:
		return h.moveAside(dir, base)
	case Appear:
		if old.Exists {
			return errors.New("something is there already")
		}
		switch h.run.Change.As {
		case "directory":
			return unix.Mkdirat(dir, base, 0o777)
		case "link":
			return h.link(dir, base, old)
		}
		return h.write(dir, base, unix.O_EXCL, 0o600, canary)
	case Other:
		if !old.Exists {
			return errors.New("nothing is there to be replaced")
		}
		if err := h.moveAside(dir, base); err != nil {
			return err
		}
		if old.Type == "directory" {
			return unix.Mkdirat(dir, base, 0o777)
		}
		size := max(int(min(old.Size, 1<<20)), 0)/len(canary) + 2
		return h.write(dir, base, unix.O_EXCL, 0o666, strings.Repeat(canary, size))
	case Program:
		if err := h.moveAside(dir, base); err != nil {
			return err
		}
		return h.write(dir, base, unix.O_EXCL, 0o777, "#!/bin/sh\n# "+canary+"exit 97\n")
	case Write:
		return h.write(dir, base, unix.O_APPEND, 0, canary)
	case Fill:
		sub, err := unix.Openat(dir, base, unix.O_PATH|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
		if err != nil {
			return err
		}
		defer unix.Close(sub)
		return h.write(sub, "appeared", unix.O_EXCL, 0o600, canary)
	case Link:
		return h.link(dir, base, old)
	case Type:
		return h.otherType(dir, base, old)
	}
	return fmt.Errorf("no change is called %s", what)
}

// makeParents makes the directories that a path is in.
func (h *helper) makeParents(path string) error {
	if _, err := os.Lstat(path); err == nil || !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := h.makeParents(filepath.Dir(path)); err != nil {
		return err
	}
	dir, base, err := h.parent(path)
	if err != nil {
		return err
	}
	defer unix.Close(dir)
	if err := unix.Mkdirat(dir, base, 0o777); err != nil && err != unix.EEXIST {
		return err
	}
	return nil
}

// moveAside takes away what is at a name. Nothing is deleted.
func (h *helper) moveAside(dir int, base string) error {
	h.made++
	return unix.Renameat(dir, base, unix.AT_FDCWD, filepath.Join(h.run.Dir, "aside", fmt.Sprintf("%d-%s", h.made, base)))
}

// write writes a file, which is new or there already, depending on the flags.
func (h *helper) write(dir int, base string, flags int, mode uint32, text string) error {
	if flags&unix.O_EXCL != 0 {
		flags |= unix.O_CREAT
	}
	fd, err := unix.Openat(dir, base, unix.O_WRONLY|unix.O_NOFOLLOW|unix.O_CLOEXEC|unix.O_NONBLOCK|flags, mode)
	if err != nil {
		return err
	}
	f := os.NewFile(uintptr(fd), base)
	_, err = f.WriteString(text)
	if mode != 0 {
		err = errors.Join(err, f.Chmod(os.FileMode(mode)))
	}
	return errors.Join(err, f.Close())
}

// link puts a link where something was, to the like of it elsewhere.
func (h *helper) link(dir int, base string, old State) error {
	h.made++
	target := filepath.Join(h.run.Dir, "outside", fmt.Sprintf("%d", h.made))
	if old.Type == "directory" {
		if err := os.Mkdir(target, 0o755); err != nil {
			return err
		}
	} else if err := os.WriteFile(target, []byte(canary), 0o644); err != nil {
		return err
	}
	if old.Exists {
		if err := h.moveAside(dir, base); err != nil {
			return err
		}
	}
	h.outside = target
	return unix.Symlinkat(target, dir, base) //toctou:ignore checkact this is the change: what was there has to be gone
}

// otherType puts an object of another type where something was: a file where there was
// none; in place of a file, a link to one, or a pipe with content.
func (h *helper) otherType(dir int, base string, old State) error {
	switch {
	case !old.Exists:
		return errors.New("nothing is there to be replaced")
	case old.Type == "file" && h.run.Change.As == "link":
		return h.link(dir, base, old)
	}
	if err := h.moveAside(dir, base); err != nil {
		return err
	}
	if old.Type != "file" {
		return h.write(dir, base, unix.O_EXCL, 0o600, canary)
	}
	if err := unix.Mknodat(dir, base, unix.S_IFIFO|0o600, 0); err != nil { //toctou:ignore checkact this is the change: what was there has to be gone
		return err
	}
	return h.fill(dir, base)
}

// fill writes to a pipe. It is open for a while, until a reader has come and has read
// that: then the reader sees the end.
func (h *helper) fill(dir int, base string) error {
	fd, err := unix.Openat(dir, base, unix.O_RDWR|unix.O_NONBLOCK|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	if _, err := unix.Write(fd, []byte(canary)); err != nil {
		unix.Close(fd)
		return err
	}
	go func() {
		defer unix.Close(fd)
		for range 2000 {
			if n, err := unix.IoctlGetInt(fd, unix.TIOCINQ); err != nil || n == 0 {
				return
			}
			time.Sleep(time.Millisecond)
		}
	}()
	return nil
}

// maxDigest bounds how much of a file is read.
const maxDigest = 4 << 20

// look describes what is at a path. It opens nothing that could block.
func (h *helper) look(path string) State {
	var st unix.Stat_t
	if err := unix.Lstat(path, &st); err != nil {
		return State{}
	}
	s := State{Exists: true, Type: "other", Mode: os.FileMode(st.Mode & 0o777), Size: st.Size, Inode: st.Ino}
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFREG:
		s.Type = "file"
		if fd, err := unix.Open(path, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_CLOEXEC, 0); err == nil {
			f := os.NewFile(uintptr(fd), path)
			text, err := io.ReadAll(io.LimitReader(f, maxDigest))
			f.Close()
			if err == nil {
				sum := sha256.Sum256(text)
				s.Digest = hex.EncodeToString(sum[:8])
				s.Canary = strings.Contains(string(text), canary)
			}
		}
	case unix.S_IFDIR:
		s.Type = "directory"
		if entries, err := os.ReadDir(path); err == nil {
			s.Entries = len(entries)
			for _, e := range entries {
				s.Canary = s.Canary || e.Name() == "appeared"
			}
		}
	case unix.S_IFLNK:
		s.Type = "link"
	case unix.S_IFIFO:
		s.Type = "pipe"
	}
	return s
}
