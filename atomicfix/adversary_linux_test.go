package atomicfix

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// This table stops every function before each of its operations and looks, as
// each other user, at what can be opened in the directory. The new content may
// be readable only to who may read it afterwards, the old to who could read it
// before; and nothing writable, a lock file included, but to who may write to
// the file before and after.

// A persona is another user of the machine.
type persona struct {
	name     string
	uid, gid int
}

var personas = []persona{
	{"another user", 23456, 23456},
	{"the group", 23457, somebody},
	{"the ACL's user", stranger, stranger},
}

// An access is what a persona can do to a file.
type access struct{ read, write bool }

// mayAccess computes from mode and ACL what the kernel would say of m. It is
// right for who is neither root nor the owner.
func mayAccess(st *unix.Stat_t, acl string, p persona) access {
	bits := func(perm uint16) access { return access{perm&4 != 0, perm&2 != 0} }
	both := func(a, b access) access { return access{a.read && b.read, a.write && b.write} }
	if acl == "" {
		if p.gid == int(st.Gid) {
			return bits(uint16(st.Mode >> 3))
		}
		return bits(uint16(st.Mode))
	}
	var named, group, mask, other *access
	for e := []byte(acl[4:]); len(e) >= 8; e = e[8:] {
		a := bits(binary.LittleEndian.Uint16(e[2:]))
		id := int(binary.LittleEndian.Uint32(e[4:]))
		switch binary.LittleEndian.Uint16(e) {
		case 0x02:
			if id == p.uid {
				named = &a
			}
		case 0x04:
			if int(st.Gid) == p.gid {
				group = &a
			}
		case 0x10:
			mask = &a
		case 0x20:
			other = &a
		}
	}
	switch {
	case named != nil:
		return both(*named, *mask)
	case group != nil && mask != nil:
		return both(*group, *mask)
	case group != nil:
		return *group
	}
	return *other
}

// A view is what can be done to the files of a directory, by name and persona.
type view map[string]map[string]access

func viewOf(t *testing.T, dir string) view {
	t.Helper()
	v := view{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := filepath.Join(dir, e.Name())
		var st unix.Stat_t
		if err := unix.Lstat(name, &st); err != nil || st.Mode&unix.S_IFMT != unix.S_IFREG {
			continue
		}
		acl := getxattr(name, aclAttr)
		if len(acl) < 12 || acl[0] != 2 {
			acl = ""
		}
		v[e.Name()] = map[string]access{}
		for _, p := range personas {
			v[e.Name()][p.name] = mayAccess(&st, acl, p)
		}
	}
	if os.Getuid() == 0 {
		for _, p := range personas {
			for name, a := range try(t, dir, v, p) {
				if a != v[name][p.name] {
					t.Fatalf("%s of %s: computed %v, seen %v", name, p.name, v[name][p.name], a)
				}
			}
		}
	}
	return v
}

// try opens the files as p.
func try(t *testing.T, dir string, v view, p persona) map[string]access {
	seen := map[string]access{}
	onThread(t, func() {
		if _, _, errno := syscall.RawSyscall(syscall.SYS_SETGROUPS, 0, 0, 0); errno != 0 {
			t.Error(errno)
			return
		}
		if err := unix.Setfsgid(p.gid); err != nil {
			t.Error(err)
			return
		}
		if err := unix.Setfsuid(p.uid); err != nil {
			t.Error(err)
			return
		}
		can := func(name string, flag int) bool {
			fd, err := unix.Open(filepath.Join(dir, name), flag|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
			if err == nil {
				unix.Close(fd)
			}
			return err == nil
		}
		for name := range v {
			seen[name] = access{can(name, unix.O_RDONLY), can(name, unix.O_WRONLY)}
		}
	})
	return seen
}

// contentOf reads a file whatever its mode.
func contentOf(name string) string {
	info, err := os.Lstat(name)
	if err == nil && os.Getuid() != 0 && info.Mode()&0o400 == 0 {
		return "?"
	}
	return text(name)
}

// A setting is what the function finds.
type setting struct {
	name    string
	absent  bool
	prepare func(t *testing.T, dir string)
	root    bool // needs it
}

func settings() []setting {
	group := func(t *testing.T, dir string) {
		if os.Getuid() == 0 { // so that the group of our own files has a member, too
			if err := errorsOf(os.Chown(dir, 0, somebody), os.Chmod(dir, 0o755|fs.ModeSetgid)); err != nil {
				t.Fatal(err)
			}
		}
	}
	file := func(mode fs.FileMode) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			group(t, dir)
			withOld(mode)(t, dir)
		}
	}
	defaultACL := func(t *testing.T, dir string) {
		setUserACL(t, dir, "system.posix_acl_default", stranger, 6)
	}
	return []setting{
		{name: "0600", prepare: file(0o600)},
		{name: "0640", prepare: file(0o640)},
		{name: "0664", prepare: file(0o664)},
		{name: "0604", prepare: file(0o604)},
		{name: "0600 beneath a default ACL", prepare: func(t *testing.T, dir string) {
			file(0o600)(t, dir)
			defaultACL(t, dir)
		}},
		{name: "0640 beneath a default ACL", prepare: func(t *testing.T, dir string) {
			file(0o640)(t, dir)
			defaultACL(t, dir)
		}},
		{name: "an ACL", prepare: func(t *testing.T, dir string) {
			file(0o640)(t, dir)
			setUserACL(t, filepath.Join(dir, "f"), aclAttr, stranger, 4)
		}},
		{name: "another's, 0600", root: true, prepare: func(t *testing.T, dir string) {
			file(0o600)(t, dir)
			lchown(t, somebody, filepath.Join(dir, "f"))
		}},
		{name: "another's, 0660 with an ACL", root: true, prepare: func(t *testing.T, dir string) {
			file(0o660)(t, dir)
			lchown(t, somebody, filepath.Join(dir, "f"))
			setUserACL(t, filepath.Join(dir, "f"), aclAttr, stranger, 6)
			defaultACL(t, dir)
		}},
		{name: "absent", absent: true, prepare: group},
		{name: "absent beneath a default ACL", absent: true, prepare: func(t *testing.T, dir string) {
			group(t, dir)
			defaultACL(t, dir)
		}},
	}
}

func errorsOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// A verb is one exported function at work on f.
type verb struct {
	name   string
	excl   bool // for an absent file only
	old    bool // for an existing file only
	always map[string]error
	run    func(x *FS, f string) error
}

func verbs() []verb {
	content := []byte(newText)
	staged := func(create func(x *FS, f string) (*File, error), then func(*File) error) func(x *FS, f string) error {
		return func(x *FS, name string) error {
			f, err := create(x, name)
			if err != nil {
				return err
			}
			defer f.Close()
			if err := then(f); err != nil {
				return err
			}
			return f.Commit()
		}
	}
	write := func(f *File) error { return second(f.Write(content)) }
	plain := func(x *FS, f string) (*File, error) { return x.Create(f) }
	writeFile := func(x *FS, f string) error { return x.WriteFile(f, content, 0o644) }
	writeMode := func(mode fs.FileMode) func(x *FS, f string) error {
		return func(x *FS, f string) error { return x.WriteFileMode(f, content, mode) }
	}
	all := []verb{
		{name: "WriteFile", run: writeFile},
		{name: "WriteFile 0600", run: func(x *FS, f string) error { return x.WriteFile(f, content, 0o600) }},
		{name: "WriteFileMode 0600", run: writeMode(0o600)},
		{name: "WriteFileMode 0640", run: writeMode(0o640)},
		{name: "WriteFileMode 0644", run: writeMode(0o644)},
		{name: "WriteReader", run: func(x *FS, f string) error { return x.WriteReader(f, strings.NewReader(newText), 0o644) }},
		{name: "WriteFunc", run: func(x *FS, f string) error {
			return x.WriteFunc(f, 0o644, func(w io.Writer) error { return second(w.Write(content)) })
		}},
		{name: "Create", run: staged(plain, write)},
		{name: "CreatePerm", run: staged(func(x *FS, f string) (*File, error) { return x.CreatePerm(f, 0o600) }, write)},
		{name: "CreateMode 0600", run: staged(func(x *FS, f string) (*File, error) { return x.CreateMode(f, 0o600) }, write)},
		{name: "CreateMode 0644", run: staged(func(x *FS, f string) (*File, error) { return x.CreateMode(f, 0o644) }, write)},
		{name: "Create, Chmod 0640", run: staged(plain, func(f *File) error {
			return errorsOf(f.Chmod(0o640), write(f))
		})},
		{name: "CreatePerm 0600, Chmod 0640 at last", run: staged(
			func(x *FS, f string) (*File, error) { return x.CreatePerm(f, 0o600) }, func(f *File) error {
				return errorsOf(write(f), f.Chmod(0o640))
			})},
		{name: "CreateExcl", excl: true, run: staged(func(x *FS, f string) (*File, error) { return x.CreateExcl(f, 0o640) }, write)},
		{name: "WriteFileExcl", excl: true, run: func(x *FS, f string) error { return x.WriteFileExcl(f, content, 0o600) }},
		{name: "WriteFileExcl by link", excl: true, always: map[string]error{"createUnnamed": syscall.EOPNOTSUPP, "renameExcl": syscall.EINVAL},
			run: func(x *FS, f string) error { return x.WriteFileExcl(f, content, 0o600) }},
		{name: "WriteFileExcl by copy", excl: true, always: map[string]error{"createUnnamed": syscall.EOPNOTSUPP, "renameExcl": syscall.EINVAL, "link": syscall.EPERM},
			run: func(x *FS, f string) error { return x.WriteFileExcl(f, content, 0o600) }},
		{name: "Update", run: func(x *FS, f string) error { return x.Update(f, 0o640, changeToNew) }},
		{name: "UpdateContext", run: func(x *FS, f string) error {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			return x.UpdateContext(ctx, f, 0o600, changeToNew)
		}},
		{name: "OpenStat", old: true, run: func(x *FS, f string) error { return closing(x.OpenStat(f))(x) }},
		{name: "OpenRegular", old: true, run: func(x *FS, f string) error { return closing(x.OpenRegular(f))(x) }},
		{name: "RenameNoReplace", old: true, run: func(x *FS, f string) error { return x.RenameNoReplace(f, f+"2") }},
	}
	all = append(all,
		verb{name: "Rename", old: true, run: func(x *FS, f string) error { return x.Rename(f, f+"2") }},
		verb{name: "Create, Chown", run: staged(plain, func(f *File) error {
			return errorsOf(write(f), f.Chown(os.Getuid(), os.Getgid()))
		})},
		verb{name: "Create, WriteAt, Truncate", run: staged(plain, func(f *File) error {
			return errorsOf(second(f.WriteAt(content, 0)), f.Truncate(int64(len(content))))
		})},
	)
	for _, v := range all[:5] {
		v.name += ", in place"
		v.old = true
		v.always = map[string]error{"create": syscall.EACCES}
		all = append(all, v)
		v.name += ", busy"
		v.always = map[string]error{"rename": syscall.EBUSY}
		all = append(all, v)
	}
	return all
}

func TestAdversary(t *testing.T) {
	pauses := 0
	for _, v := range verbs() {
		for _, s := range settings() {
			switch {
			case s.root && os.Getuid() != 0, v.excl && !s.absent, v.old && s.absent:
				continue
			}
			t.Run(v.name+"/"+s.name, func(t *testing.T) {
				pauses += adversary(t, v, s)
			})
		}
	}
	t.Logf("%d pauses", pauses)
}

// A moment is what could be seen at one pause.
type moment struct {
	where   string
	view    view
	content map[string]string
}

func look(t *testing.T, dir, where string) moment {
	m := moment{where, viewOf(t, dir), map[string]string{}}
	for name := range m.view {
		m.content[name] = contentOf(filepath.Join(dir, name))
	}
	return m
}

// target is the file that the verb works on: it may have been renamed.
func (m moment) target() map[string]access {
	if a, ok := m.view["f"]; ok {
		return a
	}
	return m.view["f2"]
}

func adversary(t *testing.T, v verb, s setting) (pauses int) {
	dir := openTempDir(t)
	s.prepare(t, dir)
	before := look(t, dir, "before")
	p := newProbe(unsynced{})
	var moments []moment
	p.fault = func(n int, op string) any {
		moments = append(moments, look(t, dir, fmt.Sprintf("before operation %d, %s", n, op)))
		if err, ok := v.always[op]; ok {
			return err
		}
		return nil
	}
	if err := v.run(p.fs(), filepath.Join(dir, "f")); err != nil {
		t.Fatal(err)
	}
	after := look(t, dir, "after")
	for _, m := range append(moments, after) {
		for _, p := range personas {
			had, has := before.target()[p.name], after.target()[p.name]
			if s.absent {
				had = access{write: has.write}
			}
			for name := range m.view {
				a, content := m.view[name][p.name], m.content[name]
				lock := strings.HasSuffix(name, ".lock")
				switch {
				case a.read && content == oldText && !had.read:
					t.Errorf("%s: %s can read the old content in %s", m.where, p.name, name)
				case a.read && content != oldText && content != "" && !has.read:
					t.Errorf("%s: %s can read the new content in %s", m.where, p.name, name)
				case a.write && (lock || content == oldText) && !had.write,
					a.write && (lock || content != oldText) && !has.write:
					t.Errorf("%s: %s can write to %s", m.where, p.name, name)
				case lock && a.read && !a.write:
					t.Errorf("%s: %s can lock %s, and not write to the file", m.where, p.name, name)
				}
			}
		}
	}
	return len(moments)
}

// TestMayAccess has the table's own judgement find fault with what must fail.
func TestMayAccess(t *testing.T) {
	st := &unix.Stat_t{Mode: 0o640, Uid: 1, Gid: uint32(personas[1].gid)}
	for _, tt := range []struct {
		p    persona
		want access
	}{{personas[0], access{}}, {personas[1], access{true, false}}, {personas[2], access{}}} {
		if got := mayAccess(st, "", tt.p); got != tt.want {
			t.Errorf("%s: %v", tt.p.name, got)
		}
	}
	if !slices.ContainsFunc(settings(), func(s setting) bool { return s.root }) {
		t.Error("no setting with another's file")
	}
}
