package atomicfix

import (
	"context"
	"encoding/binary"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
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

// watched reports whether a table looks at files of this mode. Others than these
// have no content to be read.
func watched(st *unix.Stat_t) bool {
	return st.Mode&unix.S_IFMT == unix.S_IFREG || st.Mode&unix.S_IFMT == unix.S_IFIFO
}

// facts are all that the kernel considers, so that each combination is tried once.
type facts struct {
	mode, uid, gid uint32
	acl            string
}

var tried = map[facts]bool{}

func viewOf(t *testing.T, dir string) view {
	t.Helper()
	v, untried := view{}, map[string]facts{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := filepath.Join(dir, e.Name())
		var st unix.Stat_t
		if err := unix.Lstat(name, &st); err != nil || !watched(&st) {
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
		if f := (facts{st.Mode, st.Uid, st.Gid, acl}); !tried[f] {
			untried[e.Name()] = f
		}
	}
	if os.Getuid() == 0 && len(untried) > 0 {
		for _, p := range personas {
			for name, a := range try(t, dir, v, p) {
				if a != v[name][p.name] {
					t.Fatalf("%s of %s: computed %v, seen %v", name, p.name, v[name][p.name], a)
				}
			}
		}
		for _, f := range untried {
			tried[f] = true
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

// contentOf reads a file whatever its mode. What is written to a FIFO is for all
// who have it open.
func contentOf(name string) string {
	info, err := os.Lstat(name)
	switch {
	case err == nil && info.Mode()&fs.ModeNamedPipe != 0:
		return newText
	case err == nil && os.Getuid() != 0 && info.Mode()&0o400 == 0:
		return "?"
	}
	return text(name)
}

// A setting is what the function finds.
type setting struct {
	name    string
	absent  bool
	special bool // no regular file
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
		{name: "a FIFO, 0600", special: true, prepare: func(t *testing.T, dir string) {
			group(t, dir)
			mkfifo(t, filepath.Join(dir, "f"))
		}},
		{name: "a FIFO, 0640 with an ACL", special: true, prepare: func(t *testing.T, dir string) {
			group(t, dir)
			mkfifo(t, filepath.Join(dir, "f"))
			if err := os.Chmod(filepath.Join(dir, "f"), 0o640); err != nil {
				t.Fatal(err)
			}
			setUserACL(t, filepath.Join(dir, "f"), aclAttr, stranger, 4)
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
	name    string
	needs   needs
	streams bool                   // it writes to a FIFO, too
	lay     func(dir string) error // what else is there
	always  map[string]error
	run     func(x *FS, f string) error
}

// needs says of what files a verb makes sense.
type needs int

const (
	either   needs = iota
	anAbsent       // file
	anOld          // file
)

// TestAdversaryRows reads the calls of verbs.
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
	private := func(x *FS, f string) (*File, error) { return x.CreatePerm(f, 0o600) }
	stale := func(dir string) error { return old(filepath.Join(dir, staleName), 0o600) }
	over := func(mode fs.FileMode) func(dir string) error {
		return func(dir string) error { return old(filepath.Join(dir, "f2"), mode) }
	}
	writing := []verb{ // whatever is there
		{name: "WriteFile", run: func(x *FS, f string) error { return x.WriteFile(f, content, 0o644) }},
		{name: "WriteFile 0600", run: func(x *FS, f string) error { return x.WriteFile(f, content, 0o600) }},
		{name: "WriteFileMode 0600", run: func(x *FS, f string) error { return x.WriteFileMode(f, content, 0o600) }},
		{name: "WriteFileMode 0640", run: func(x *FS, f string) error { return x.WriteFileMode(f, content, 0o640) }},
		{name: "WriteFileMode 0644", run: func(x *FS, f string) error { return x.WriteFileMode(f, content, 0o644) }},
		{name: "WriteReader", run: func(x *FS, f string) error { return x.WriteReader(f, strings.NewReader(newText), 0o644) }},
		{name: "WriteFunc", run: func(x *FS, f string) error {
			return x.WriteFunc(f, 0o644, func(w io.Writer) error { return second(w.Write(content)) })
		}},
		{name: "Create", run: staged(plain, write)},
		{name: "CreatePerm", run: staged(private, write)},
		{name: "CreateMode 0600", run: staged(func(x *FS, f string) (*File, error) { return x.CreateMode(f, 0o600) }, write)},
		{name: "CreateMode 0644", run: staged(func(x *FS, f string) (*File, error) { return x.CreateMode(f, 0o644) }, write)},
		{name: "Create, Chmod 0640", run: staged(plain, func(f *File) error {
			return errorsOf(f.Chmod(0o640), write(f))
		})},
		{name: "CreatePerm 0600, Chmod 0640 at last", run: staged(private, func(f *File) error {
			return errorsOf(write(f), f.Chmod(0o640))
		})},
		{name: "Create, Chown", run: staged(plain, func(f *File) error {
			return errorsOf(write(f), f.Chown(os.Getuid(), os.Getgid()))
		})},
		{name: "Create, WriteString, ReadFrom", run: staged(plain, func(f *File) error {
			return errorsOf(second(f.WriteString(newText[:3])), second(f.ReadFrom(strings.NewReader(newText[3:]))))
		})},
	}
	staging := []verb{ // which a stream cannot
		{name: "Create, WriteAt, Truncate, ReadAt", run: staged(plain, func(f *File) error {
			return errorsOf(second(f.WriteAt(content, 0)), f.Truncate(int64(len(content))), second(f.ReadAt(make([]byte, 3), 0)))
		})},
		{name: "CreatePerm, Seek, Stat", run: staged(private, func(f *File) error {
			return errorsOf(second(f.Seek(3, io.SeekStart)), second(f.WriteString(newText[3:])),
				second(f.Seek(0, io.SeekStart)), second(f.WriteString(newText[:3])), second(f.Stat()))
		})},
		{name: "Update", run: func(x *FS, f string) error { return x.Update(f, 0o640, changeToNew) }},
		{name: "UpdateContext", run: func(x *FS, f string) error {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			return x.UpdateContext(ctx, f, 0o600, changeToNew)
		}},
	}
	var all []verb
	for _, v := range writing {
		v.streams = true
		all = append(all, v)
	}
	all = append(all, staging...)
	for _, v := range append(writing, staging...) {
		v.name, v.needs, v.streams = v.name+", in place", anOld, false
		v.always = map[string]error{"create": syscall.EACCES}
		all = append(all, v)
		if !strings.HasPrefix(v.name, "Update") { // whose lock file is renamed, too
			v.name += ", busy"
			v.always = map[string]error{"rename": syscall.EBUSY}
			all = append(all, v)
		}
	}
	return append(all, []verb{
		{name: "Close", run: func(x *FS, name string) error {
			f, err := x.Create(name)
			if err == nil {
				f.Write(content)
				f.Close()
			}
			return err
		}},
		{name: "CreateExcl", needs: anAbsent, run: staged(func(x *FS, f string) (*File, error) { return x.CreateExcl(f, 0o640) }, write)},
		{name: "CreateExcl, Chmod 0600", needs: anAbsent, run: staged(func(x *FS, f string) (*File, error) { return x.CreateExcl(f, 0o644) },
			func(f *File) error { return errorsOf(f.Chmod(0o600), write(f)) })},
		{name: "WriteFileExcl", needs: anAbsent, run: func(x *FS, f string) error { return x.WriteFileExcl(f, content, 0o600) }},
		{name: "WriteFileExcl by link", needs: anAbsent, always: map[string]error{"createUnnamed": syscall.EOPNOTSUPP, "renameExcl": syscall.EINVAL},
			run: func(x *FS, f string) error { return x.WriteFileExcl(f, content, 0o600) }},
		{name: "WriteFileExcl by copy", needs: anAbsent, always: map[string]error{"createUnnamed": syscall.EOPNOTSUPP, "renameExcl": syscall.EINVAL, "link": syscall.EPERM},
			run: func(x *FS, f string) error { return x.WriteFileExcl(f, content, 0o600) }},
		{name: "OpenStat", needs: anOld, run: func(x *FS, f string) error { return closing(x.OpenStat(f))(x) }},
		{name: "OpenRegular", needs: anOld, run: func(x *FS, f string) error { return closing(x.OpenRegular(f))(x) }},
		{name: "RenameNoReplace", needs: anOld, streams: true, run: func(x *FS, f string) error { return x.RenameNoReplace(f, f+"3") }},
		{name: "RenameNoReplace by link", needs: anOld, streams: true, always: map[string]error{"renameExcl": syscall.EINVAL},
			run: func(x *FS, f string) error { return x.RenameNoReplace(f, f+"3") }},
		{name: "Rename", needs: anOld, streams: true, run: func(x *FS, f string) error { return x.Rename(f, f+"3") }},
		{name: "Rename over a file", needs: anOld, streams: true, lay: over(0o600), run: func(x *FS, f string) error { return x.Rename(f, f+"2") }},
		{name: "Symlink", streams: true, run: func(x *FS, f string) error { return x.Symlink("f", f+"4") }},
		{name: "Symlink over a link", streams: true, lay: func(dir string) error { return os.Symlink("nowhere", filepath.Join(dir, "f4")) },
			run: func(x *FS, f string) error { return x.Symlink("f", f+"4") }},
		{name: "RemoveStale", streams: true, lay: stale, run: func(x *FS, f string) error { return second(x.RemoveStale(filepath.Dir(f), 0)) }},
	}...)
}

// suits reports whether the table has a cell for v in s.
func (v verb) suits(s setting) bool {
	switch {
	case s.root && os.Getuid() != 0, s.special && !v.streams:
		return false
	case s.absent:
		return v.needs != anOld
	}
	return v.needs != anAbsent
}

func TestAdversary(t *testing.T) {
	cells, pauses := 0, 0
	for _, v := range verbs() {
		for _, s := range settings() {
			if !v.suits(s) {
				continue
			}
			cells++
			t.Run(v.name+"/"+s.name, func(t *testing.T) {
				pauses += adversary(t, v, s)
			})
		}
	}
	t.Logf("%d cells, %d pauses", cells, pauses)
}

// A moment is what could be seen at one pause.
type moment struct {
	where   string
	view    view
	content map[string]string
	inode   map[string]uint64
}

func look(t *testing.T, dir, where string) moment {
	m := moment{where, viewOf(t, dir), map[string]string{}, map[string]uint64{}}
	for name := range m.view {
		name := filepath.Join(dir, name)
		var st unix.Stat_t
		if err := unix.Lstat(name, &st); err != nil {
			t.Fatal(err)
		}
		m.content[filepath.Base(name)], m.inode[filepath.Base(name)] = contentOf(name), st.Ino
	}
	return m
}

// target is the file that the verb works on: it may have been renamed.
func (m moment) target() map[string]access {
	for _, name := range []string{"f", "f3"} {
		if a, ok := m.view[name]; ok {
			return a
		}
	}
	return m.view["f2"]
}

// A holding is a file that a user could open at some moment, and can read or
// write to from then on.
type holding struct {
	persona string
	inode   uint64
}

func adversary(t *testing.T, v verb, s setting) (pauses int) {
	dir := openTempDir(t)
	s.prepare(t, dir)
	if v.lay != nil {
		if err := v.lay(dir); err != nil {
			t.Fatal(err)
		}
	}
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
	for _, complaint := range judge(s, before, append(moments, look(t, dir, "after"))) {
		t.Error(complaint)
	}
	return len(moments)
}

// judge finds what a user can do at one moment, and neither before all of them
// nor after.
func judge(s setting, before moment, moments []moment) (complaints []string) {
	complain := func(format string, args ...any) { complaints = append(complaints, fmt.Sprintf(format, args...)) }
	after := moments[len(moments)-1]
	held := map[holding]access{}
	for _, m := range moments {
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
					complain("%s: %s can read the old content in %s", m.where, p.name, name)
				case a.read && content != oldText && content != "" && !has.read:
					complain("%s: %s can read the new content in %s", m.where, p.name, name)
				case a.write && (lock || content == oldText) && !had.write,
					a.write && (lock || content != oldText) && !has.write:
					complain("%s: %s can write to %s", m.where, p.name, name)
				case lock && a.read && !a.write:
					complain("%s: %s can lock %s, and not write to the file", m.where, p.name, name)
				}
				// Who opened the file while it was empty reads what comes. That a
				// reader of the old file reads what is written in place, is so with
				// every write.
				h := holding{p.name, m.inode[name]}
				reader := had.read && h.inode == before.inode["f"]
				if content != oldText && content != "" && held[h].read && !a.read && !has.read && !reader {
					complain("%s: %s has opened %s before, and can read the new content", m.where, p.name, name)
				}
				held[h] = access{held[h].read || a.read, held[h].write || a.write}
			}
		}
	}
	return complaints
}

// TestJudge has the table find fault with what must not be.
func TestJudge(t *testing.T) {
	none, r, rw := access{}, access{read: true}, access{true, true}
	at := func(where string, inode uint64, name, content string, a access) moment {
		return moment{where, view{name: {personas[0].name: a, personas[1].name: none, personas[2].name: none}},
			map[string]string{name: content}, map[string]uint64{name: inode}}
	}
	with := func(m, n moment) moment {
		for name := range n.view {
			m.view[name], m.content[name], m.inode[name] = n.view[name], n.content[name], n.inode[name]
		}
		return m
	}
	f := func(inode uint64, content string, a access) moment { return at("f", inode, "f", content, a) }
	temp := func(content string, a access) moment { return at("temp", 2, "temp", content, a) }
	for _, tt := range []struct {
		what    string
		before  moment
		moments []moment
		want    int
	}{
		{"closed", f(1, oldText, none), []moment{with(temp(newText, none), f(1, oldText, none)), f(2, newText, none)}, 0},
		{"open before and after", f(1, oldText, rw), []moment{with(temp(newText, rw), f(1, oldText, rw)), f(2, newText, rw)}, 0},
		{"the temporary can be read", f(1, oldText, none), []moment{temp(newText, r), f(2, newText, none)}, 2},
		{"and the old content", f(1, oldText, none), []moment{f(1, oldText, r), f(1, newText, r)}, 1},
		{"and be written to", f(1, oldText, r), []moment{temp(newText, rw), f(2, newText, r)}, 1},
		{"opened while empty", f(1, oldText, none), []moment{temp("", r), temp(newText, none), f(2, newText, none)}, 2},
		{"a reader of the old file, in place", f(1, oldText, r), []moment{f(1, oldText, none), f(1, newText, none)}, 0},
		{"a lock for readers", f(1, oldText, r), []moment{at("lock", 3, "x.lock", "", r), f(1, oldText, r)}, 1},
	} {
		if got := judge(setting{}, tt.before, tt.moments); len(got) != tt.want {
			t.Errorf("%s: %q", tt.what, got)
		}
	}
}

// TestAdversaryRows finds each exported function that can touch a file among the
// calls of verbs.
func TestAdversaryRows(t *testing.T) {
	without := map[string]string{ // a row, and why
		"With": "makes no system call", "In": "makes no system call",
		"NoSync": "an option", "Strict": "an option", "NoFollow": "an option", "NoForeign": "an option", "OnFallback": "an option",
		"Name": "makes no system call", "Error": "of an error", "Unwrap": "of an error",
	}
	called := map[string]bool{}
	fset := token.NewFileSet()
	rows, err := parser.ParseFile(fset, "adversary_linux_test.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, decl := range rows.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok && fn.Name.Name == "verbs" {
			ast.Inspect(fn, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
						if of, ok := sel.X.(*ast.Ident); ok && (of.Name == "x" || of.Name == "f") {
							called[sel.Sel.Name] = true
						}
					}
				}
				return true
			})
		}
	}
	exported := exportedFuncs(t)
	for name, fn := range exported {
		if called[name] == (without[name] != "") {
			t.Errorf("%s has a row: %v, and a reason to have none: %q", name, called[name], without[name])
		}
		// The package's own functions do what the methods do that have the rows.
		if fn.Recv == nil && without[name] == "" && !callsStd(fn) {
			t.Errorf("%s is not only a call of std.%[1]s", name)
		}
	}
	for name := range without {
		if exported[name] == nil {
			t.Errorf("%s does not exist", name)
		}
	}
}

// exportedFuncs are the functions and methods of the package, a method rather
// than the function of its name unless that has none.
func exportedFuncs(t *testing.T) map[string]*ast.FuncDecl {
	all := map[string]*ast.FuncDecl{}
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if ok && fn.Name.IsExported() && receives(fn, "", "FS", "File", "DurabilityError") && (all[fn.Name.Name] == nil || fn.Recv == nil) {
				all[fn.Name.Name] = fn
			}
		}
	}
	return all
}

// receives reports whether fn is a method of one of these types; "" is for none.
func receives(fn *ast.FuncDecl, types ...string) bool {
	name := ""
	if fn.Recv != nil {
		typ := fn.Recv.List[0].Type
		if star, ok := typ.(*ast.StarExpr); ok {
			typ = star.X
		}
		name = typ.(*ast.Ident).Name
	}
	return slices.Contains(types, name)
}

// callsStd reports whether fn is `return std.Name(...)`.
func callsStd(fn *ast.FuncDecl) bool {
	if len(fn.Body.List) != 1 {
		return false
	}
	ret, ok := fn.Body.List[0].(*ast.ReturnStmt)
	if !ok || len(ret.Results) != 1 {
		return false
	}
	call, ok := ret.Results[0].(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	of, ok := sel.X.(*ast.Ident)
	return ok && of.Name == "std" && sel.Sel.Name == fn.Name.Name
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
