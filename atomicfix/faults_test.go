//go:build linux || darwin || freebsd || netbsd || openbsd

package atomicfix

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// unsynced is the kernel without waiting for a disk.
type unsynced struct{ kernel }

func (unsynced) sync(*file) error   { return nil }
func (unsynced) syncDir(*dir) error { return nil }

// errnosOf is what each operation can fail with, by its manual page.
var errnosOf = map[string][]syscall.Errno{
	"stat":          {syscall.EACCES, syscall.EIO, syscall.ELOOP, syscall.ENAMETOOLONG, syscall.ENOENT, syscall.ENOMEM, syscall.ENOTDIR},
	"openName":      {syscall.EACCES, syscall.EIO, syscall.EMFILE, syscall.ENFILE, syscall.ENOENT},
	"openDir":       {syscall.EACCES, syscall.EIO, syscall.EMFILE, syscall.ENFILE, syscall.ENOENT, syscall.ENOTDIR},
	"scratch":       {syscall.EACCES, syscall.EIO, syscall.EMFILE, syscall.ENOSPC},
	"openStream":    {syscall.EACCES, syscall.EIO, syscall.EMFILE, syscall.ENFILE, syscall.EROFS},
	"lstat":         {syscall.EACCES, syscall.EIO, syscall.ENOENT, syscall.ENOMEM},
	"readlink":      {syscall.EACCES, syscall.EINVAL, syscall.EIO, syscall.ENOENT},
	"statDir":       {syscall.EIO, syscall.ENOMEM},
	"access":        {syscall.EACCES, syscall.EIO, syscall.EROFS, syscall.EPERM},
	"create":        {syscall.ENOSPC, syscall.EDQUOT, syscall.EIO, syscall.EMFILE, syscall.ENFILE, syscall.EACCES, syscall.EPERM, syscall.EROFS, syscall.ENOENT, syscall.EEXIST},
	"createUnnamed": {syscall.ENOSPC, syscall.EDQUOT, syscall.EIO, syscall.EMFILE, syscall.ENFILE, syscall.EACCES, syscall.EPERM, syscall.EROFS, syscall.EOPNOTSUPP, syscall.EISDIR, syscall.ENOENT},
	"linkUnnamed":   {syscall.EEXIST, syscall.EPERM, syscall.EACCES, syscall.ENOENT, syscall.EMLINK, syscall.ENOSPC, syscall.EDQUOT, syscall.EIO, syscall.EXDEV},
	"open":          {syscall.EACCES, syscall.EIO, syscall.EMFILE, syscall.ENFILE, syscall.ENOENT, syscall.ELOOP, syscall.ETXTBSY},
	"reopenTemp":    {syscall.EACCES, syscall.EIO, syscall.EMFILE, syscall.ENOENT},
	"rename":        {syscall.EBUSY, syscall.EXDEV, syscall.EPERM, syscall.EACCES, syscall.ENOSPC, syscall.EDQUOT, syscall.EIO, syscall.EROFS, syscall.ENOENT},
	"renameExcl":    {syscall.EEXIST, syscall.EINVAL, syscall.ENOSYS, syscall.EPERM, syscall.EACCES, syscall.ENOSPC, syscall.EIO, syscall.EROFS, syscall.EXDEV},
	"link":          {syscall.EEXIST, syscall.EPERM, syscall.EACCES, syscall.ENOSYS, syscall.ENOTSUP, syscall.EMLINK, syscall.ENOSPC, syscall.EDQUOT, syscall.EIO, syscall.EXDEV},
	"unlink":        {syscall.EACCES, syscall.EBUSY, syscall.EIO, syscall.ENOENT, syscall.EPERM, syscall.EROFS},
	"syncDir":       {syscall.EIO, syscall.ENOSPC, syscall.EDQUOT, syscall.EINVAL, syscall.ENOTSUP},
	"closeDir":      {syscall.EIO},
	"write":         {syscall.ENOSPC, syscall.EDQUOT, syscall.EIO, syscall.EFBIG},
	"readFrom":      {syscall.ENOSPC, syscall.EDQUOT, syscall.EIO, syscall.EFBIG},
	"readAt":        {syscall.EIO},
	"seek":          {syscall.EINVAL, syscall.EOVERFLOW},
	"reserve":       {syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG, syscall.EIO, syscall.ENOTSUP, syscall.ENOSYS},
	"writeAt":       {syscall.ENOSPC, syscall.EDQUOT, syscall.EIO, syscall.EFBIG},
	"claim":         {syscall.ENOLCK, syscall.ENOTSUP, syscall.EIO},
	"symlink":       {syscall.EEXIST, syscall.EACCES, syscall.EIO, syscall.ENOSPC, syscall.EDQUOT, syscall.EROFS},
	"names":         {syscall.EACCES, syscall.EIO, syscall.EMFILE},
	"truncate":      {syscall.EIO, syscall.EPERM, syscall.EINVAL},
	"fstat":         {syscall.EIO, syscall.ENOMEM},
	"info":          {syscall.EIO, syscall.ENOMEM},
	"chown":         {syscall.EPERM, syscall.EDQUOT, syscall.EINVAL, syscall.EIO, syscall.EROFS},
	"chmod":         {syscall.EPERM, syscall.EIO, syscall.EROFS},
	"sync":          {syscall.EIO, syscall.ENOSPC, syscall.EDQUOT, syscall.EINVAL, syscall.ENOTSUP},
	"lock":          {syscall.ENOLCK, syscall.ENOTSUP, syscall.EIO},
	"keyOf":         {syscall.EIO, syscall.ENOMEM},
	"lockContent":   {syscall.ENOLCK, syscall.EIO},
	"unlock":        {syscall.EIO},
	"close":         {syscall.EIO, syscall.ENOSPC, syscall.EDQUOT},
	"listAttrs":     {syscall.EACCES, syscall.EIO, syscall.ENOTSUP},
	"flistAttrs":    {syscall.EIO, syscall.ENOTSUP},
	"getAttr":       {syscall.EACCES, syscall.EIO, syscall.ERANGE},
	"fgetAttr":      {syscall.EIO, syscall.ERANGE},
	"fsetAttr":      {syscall.EDQUOT, syscall.EIO, syscall.ENOSPC, syscall.ENOTSUP, syscall.EPERM},
	"fremoveAttr":   {syscall.EIO, syscall.ENOTSUP, syscall.EPERM},
}

// A scenario is one way through the package. It works on the file "f" in dir
// unless look says otherwise.
type scenario struct {
	name    string
	opts    []Option
	always  map[string]error // operations that fail each time
	prepare func(t *testing.T, dir string)
	run     func(x *FS, dir string) error
	old     string   // what look finds before; "-" for no file
	new     string   // and after
	between []string // what else a fault may leave
	look    func(dir string) string
	byLink  bool // look looks at what f is a link to
	rooted  bool // the FS is beneath dir, and names are relative
}

func lookAt(dir string) string { return text(filepath.Join(dir, "f")) }

func withOld(mode fs.FileMode) func(*testing.T, string) {
	return func(t *testing.T, dir string) { put(t, filepath.Join(dir, "f"), oldText, mode) }
}

func writeNew(x *FS, dir string) error {
	return x.WriteFile(filepath.Join(dir, "f"), []byte(newText), 0o644)
}

func scenarios() []scenario {
	all := []scenario{
		{name: "WriteFile new", run: writeNew, old: "-"},
		{name: "WriteFile old", run: writeNew, prepare: withOld(0o640)},
		{name: "WriteFile NoSync", run: writeNew, prepare: withOld(0o640), opts: []Option{NoSync()}},
		{name: "WriteFile Strict", run: writeNew, prepare: withOld(0o640), opts: []Option{Strict()}},
		{name: "WriteFile NoFollow", run: writeNew, prepare: withOld(0o640), opts: []Option{NoFollow()}},
		{name: "WriteFileMode new", old: "-", run: func(x *FS, dir string) error {
			return x.WriteFileMode(filepath.Join(dir, "f"), []byte(newText), 0o604)
		}},
		{name: "WriteFileMode old", prepare: withOld(0o640), run: func(x *FS, dir string) error {
			return x.WriteFileMode(filepath.Join(dir, "f"), []byte(newText), 0o604)
		}},
		{name: "WriteReader", prepare: withOld(0o640), run: func(x *FS, dir string) error {
			return x.WriteReader(filepath.Join(dir, "f"), strings.NewReader(newText), 0o644)
		}},
		{name: "WriteFunc", prepare: withOld(0o640), run: func(x *FS, dir string) error {
			return x.WriteFunc(filepath.Join(dir, "f"), 0o644, func(w io.Writer) error {
				io.WriteString(w, newText[:5]) // Commit is to notice a failure all the same
				io.WriteString(w, newText[5:])
				return nil
			})
		}},
		{name: "File methods", prepare: withOld(0o640), run: func(x *FS, dir string) error {
			f, err := x.CreateMode(filepath.Join(dir, "f"), 0o604)
			if err != nil {
				return err
			}
			defer f.Close()
			f.WriteString("abc")
			f.Seek(0, io.SeekStart)
			f.ReadFrom(strings.NewReader(newText))
			f.WriteAt([]byte(newText[:1]), 0)
			f.Truncate(int64(len(newText)))
			f.Chmod(0o600)
			f.Stat()
			return f.Commit()
		}},
		{name: "link", run: writeNew, prepare: func(t *testing.T, dir string) {
			os.Symlink("sub/../g", filepath.Join(dir, "f"))
			os.Mkdir(filepath.Join(dir, "sub"), 0o777)
			put(t, filepath.Join(dir, "g"), oldText, 0o640)
		}},
		{name: "dangling link", run: writeNew, old: "-", prepare: func(t *testing.T, dir string) {
			os.Symlink("g", filepath.Join(dir, "f"))
		}},
		{name: "In", rooted: true, prepare: withOld(0o640), run: func(x *FS, _ string) error {
			return x.WriteFile("f", []byte(newText), 0o644)
		}},
		{name: "in place, no temporary", run: writeNew, prepare: withOld(0o640),
			always: map[string]error{"create": syscall.EACCES}},
		{name: "in place, growing", prepare: withOld(0o640),
			new:    strings.Repeat(newText, 9),
			always: map[string]error{"create": syscall.EACCES}, run: func(x *FS, dir string) error {
				return x.WriteFile(filepath.Join(dir, "f"), []byte(strings.Repeat(newText, 9)), 0o644)
			}},
		{name: "in place, mode", prepare: withOld(0o640),
			always: map[string]error{"create": syscall.EACCES}, run: func(x *FS, dir string) error {
				return x.WriteFileMode(filepath.Join(dir, "f"), []byte(newText), 0o604)
			}},
		{name: "in place, busy", run: writeNew, prepare: withOld(0o640),
			always: map[string]error{"rename": syscall.EBUSY}},
		{name: "in place, owner", run: writeNew, prepare: withOld(0o640),
			always: map[string]error{"chmod": syscall.EPERM}},
		{name: "CreateExcl", run: exclNew, old: "-"},
		{name: "CreateExcl by link", run: exclNew, old: "-",
			always: map[string]error{"createUnnamed": syscall.EOPNOTSUPP, "renameExcl": syscall.EINVAL}},
		{name: "CreateExcl by copy", run: exclNew, old: "-",
			always: map[string]error{"createUnnamed": syscall.EOPNOTSUPP, "renameExcl": syscall.ENOSYS, "link": syscall.EPERM}},
		{name: "CreateExcl by rename", run: exclNew, old: "-",
			always: map[string]error{"createUnnamed": syscall.EOPNOTSUPP}},
		{name: "CreateExcl, copied", run: exclNew, old: "-",
			always: map[string]error{"linkUnnamed": syscall.EPERM}},
		{name: "WriteFile new, named", run: writeNew, old: "-",
			always: map[string]error{"createUnnamed": syscall.EOPNOTSUPP}},
		{name: "WriteFile new, copied", run: writeNew, old: "-",
			always: map[string]error{"linkUnnamed": syscall.EPERM}},
		{name: "in place, much", prepare: withOld(0o640), new: strings.Repeat(newText, spoolMemory/len(newText)+1),
			always: map[string]error{"create": syscall.EACCES}, run: func(x *FS, dir string) error {
				return x.WriteReader(filepath.Join(dir, "f"), strings.NewReader(strings.Repeat(newText, spoolMemory/len(newText)+1)), 0o644)
			}},
		{name: "device", byLink: true, old: "null", new: "null", look: func(string) string { return "null" }, run: writeNew,
			prepare: func(t *testing.T, dir string) { symlink(t, os.DevNull, filepath.Join(dir, "f")) }},
		{name: "Update new", run: updateNew, old: "-"},
		{name: "Update old", run: updateNew, prepare: withOld(0o640)},
		{name: "Update with context", prepare: withOld(0o640), run: func(x *FS, dir string) error {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			return x.UpdateContext(ctx, filepath.Join(dir, "f"), 0o644, changeToNew)
		}},
		{name: "Update, directory takes no file", run: updateNew, prepare: withOld(0o640),
			always: map[string]error{"create": syscall.EACCES}},
		{name: "RenameNoReplace", old: "a", new: "b", look: lookBoth, prepare: putA, run: renameAB},
		{name: "RenameNoReplace by link", old: "a", new: "b", between: []string{"ab"}, look: lookBoth,
			prepare: putA, run: renameAB, always: map[string]error{"renameExcl": syscall.EINVAL}},
		{name: "Rename", old: "a", new: "b", look: lookBoth, prepare: putA, run: func(x *FS, dir string) error {
			return x.Rename(filepath.Join(dir, "f.a"), filepath.Join(dir, "f.b"))
		}},
		{name: "Symlink", old: "g", new: "h", prepare: func(t *testing.T, dir string) {
			symlink(t, "g", filepath.Join(dir, "f"))
		}, look: func(dir string) string {
			text, _ := os.Readlink(filepath.Join(dir, "f"))
			return text
		}, run: func(x *FS, dir string) error { return x.Symlink("h", filepath.Join(dir, "f")) }},
		{name: "RemoveStale", old: "a", new: "", prepare: func(t *testing.T, dir string) {
			put(t, filepath.Join(dir, staleName), "", 0o600)
		}, look: func(dir string) string {
			if text(filepath.Join(dir, staleName)) == "-" {
				return ""
			}
			return "a"
		}, run: func(x *FS, dir string) error { return second(x.RemoveStale(dir, 0)) }},
		{name: "OpenStat", new: oldText, prepare: withOld(0o640), run: func(x *FS, dir string) error {
			return closing(x.OpenStat(filepath.Join(dir, "f")))(x)
		}},
		{name: "OpenRegular", new: oldText, prepare: withOld(0o640), run: func(x *FS, dir string) error {
			return closing(x.OpenRegular(filepath.Join(dir, "f")))(x)
		}},
		{name: "OpenRegular NoFollow", new: oldText, prepare: withOld(0o640), opts: []Option{NoFollow()},
			run: func(x *FS, dir string) error {
				return closing(x.OpenRegular(filepath.Join(dir, "f")))(x)
			}},
	}
	all = append(all, systemScenarios()...)
	for i := range all {
		s := &all[i]
		if s.old == "" {
			s.old = oldText
		}
		if s.new == "" && s.name != "RemoveStale" {
			s.new = newText
		}
		if s.look == nil {
			s.look = lookAt
		}
		if s.prepare == nil {
			s.prepare = func(*testing.T, string) {}
		}
	}
	return all
}

// closing closes what an Open function returned, by the seam that counts.
func closing(f *os.File, info fs.FileInfo, err error) func(*FS) error {
	return func(x *FS) error {
		if err == nil {
			f.Close()
			x.sys.(*probe).handedOver(f)
			if info.Size() != int64(len(oldText)) {
				return fmt.Errorf("size %d", info.Size())
			}
		}
		return err
	}
}

func exclNew(x *FS, dir string) error {
	return x.WriteFileExcl(filepath.Join(dir, "f"), []byte(newText), 0o644)
}

func changeToNew([]byte) ([]byte, error) { return []byte(newText), nil }

func updateNew(x *FS, dir string) error {
	return x.Update(filepath.Join(dir, "f"), 0o644, changeToNew)
}

var staleName = tempPrefix + strings.Repeat("S", tempRandom) + tempSuffix

func putA(t *testing.T, dir string) { put(t, filepath.Join(dir, "f.a"), oldText, 0o600) }

func renameAB(x *FS, dir string) error {
	return x.RenameNoReplace(filepath.Join(dir, "f.a"), filepath.Join(dir, "f.b"))
}

func lookBoth(dir string) (names string) {
	for _, name := range []string{"a", "b"} {
		if text(filepath.Join(dir, "f."+name)) == oldText {
			names += name
		}
	}
	return names
}

// A trial is one run of a scenario with at most one fault.
type trial struct {
	p        *probe
	err      error
	panicked any
	content  string
	temps    []string
}

func (s scenario) try(t *testing.T, fault func(n int, op string) any) trial {
	dir := t.TempDir()
	s.prepare(t, dir)
	if got := s.look(dir); got != s.old {
		t.Fatalf("before: %q, not %q", got, s.old)
	}
	next := unsynced{}
	if s.rooted {
		root, err := os.OpenRoot(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer root.Close()
		next.root = root
	}
	r := trial{p: newProbe(next)}
	r.p.fault = func(n int, op string) any {
		if f := fault(n, op); f != nil {
			return f
		}
		if err, ok := s.always[op]; ok {
			return err
		}
		return nil
	}
	func() {
		defer func() { r.panicked = recover() }()
		r.err = s.run(r.p.fs(s.opts...), dir)
	}()
	r.content = s.look(dir)
	if r.temps = temporaries(t, dir); s.name == "RemoveStale" {
		r.temps = nil
	}
	if strings.HasPrefix(s.name, "Update") {
		assertUnlocked(t, filepath.Join(dir, "f"))
	}
	return r
}

func assertUnlocked(t *testing.T, name string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	stop := errors.New("stop")
	err := With(NoSync()).UpdateContext(ctx, name, 0o600, func([]byte) ([]byte, error) { return nil, stop })
	if err != stop {
		t.Errorf("lock not freed: %v", err)
	}
}

// TestFaults makes every operation of every scenario fail with each errno that
// it can give, and panic, and looks at what is left.
func TestFaults(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range scenarios() {
		clean := s.try(t, func(int, string) any { return nil })
		if clean.err != nil || clean.content != s.new || len(clean.p.handles) != 0 || len(clean.temps) != 0 {
			t.Errorf("%s: without a fault: %v, content %q, open %v, left %v",
				s.name, clean.err, clean.content, clean.p.handles, clean.temps)
			continue
		}
		for _, op := range clean.p.calls {
			seen[op] = true
		}
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			for n, op := range clean.p.calls {
				if len(errnosOf[op]) == 0 {
					t.Fatalf("no errno listed for %s", op)
				}
				for _, errno := range errnosOf[op] {
					if s.byLink && op == "lstat" && errno == syscall.ENOENT {
						continue // the link is gone, then, and a new file is right
					}
					s.check(t, n, op, errno, errno)
				}
				if op == "write" {
					s.check(t, n, op, syscall.ENOSPC, shortWrite{syscall.ENOSPC})
				}
				s.check(t, n, op, 0, panicValue{op})
			}
		})
	}
	for _, op := range slices.Sorted(maps.Keys(errnosOf)) {
		if !seen[op] && !onlyElsewhere[op] {
			t.Errorf("no scenario reaches %s", op)
		}
	}
}

func (s scenario) check(t *testing.T, n int, op string, errno syscall.Errno, fault any) {
	t.Helper()
	r := s.try(t, func(i int, _ string) any {
		if i == n {
			return fault
		}
		return nil
	})
	where := fmt.Sprintf("%s: operation %d, %s, fails with %v (%#v)", s.name, n, op, errno, fault)
	_, panics := fault.(panicValue)
	_, short := fault.(shortWrite)
	durability := errors.As(r.err, new(*DurabilityError))

	if len(r.p.handles) != 0 {
		t.Errorf("%s: descriptors left open: %v", where, r.p.handles)
	}
	if len(r.temps) != 0 && op != "unlink" && (op != "lstat" || errno != syscall.ENOENT) { // which says that it is gone
		t.Errorf("%s: temporaries left: %v", where, r.temps)
	}
	if panics != (r.panicked != nil) {
		t.Errorf("%s: panic %v", where, r.panicked)
	}
	whole := r.content == s.old || r.content == s.new || slices.Contains(s.between, r.content)
	// A write in place that breaks off is the documented exception.
	torn := strings.Contains(s.name, "in place") || slices.Contains(r.p.calls, "reserve") || s.always["create"] != nil
	torn = torn && (short || op == "truncate") || s.byLink && r.content == "" || s.byLink && short ||
		op == "chmod" && s.name == "in place, mode" || (op == "readAt" || op == "write") && s.name == "in place, much"
	switch {
	case !whole && !torn:
		t.Errorf("%s: content %q", where, r.content)
	case panics:
	case s.name == "RemoveStale" && (r.content == s.old) == (r.err == nil) && errno == syscall.ENOENT:
		// gone meanwhile, says the fault
	case r.err == nil && r.content != s.new:
		t.Errorf("%s: no error, but content %q", where, r.content)
	case durability && r.content != s.new:
		t.Errorf("%s: %v, but content %q", where, r.err, r.content)
	case r.err != nil && !durability && r.content != s.old && !torn && op != "close":
		t.Errorf("%s: %v, but content %q", where, r.err, r.content)
	case r.err != nil:
		s.checkError(t, where, errno, r.err)
	}
	if !panics && !durability && r.err == nil && mustReport(s, op, errno, fault) {
		t.Errorf("%s: not reported", where)
	}
}

// mustReport holds the faults that no fallback can make good.
func mustReport(s scenario, op string, errno syscall.Errno, fault any) bool {
	switch op {
	case "write", "readFrom", "writeAt", "seek", "truncate":
		return op != "truncate" || s.always["create"] == nil
	case "create":
		return hopeless(errno)
	case "sync", "syncDir":
		return !unsupported(errno) && !strings.HasPrefix(s.name, "Update")
	case "rename":
		return !keepsName(errno)
	case "lock":
		return true
	}
	return false
}

func (s scenario) checkError(t *testing.T, where string, errno syscall.Errno, err error) {
	t.Helper()
	expected := errors.Is(err, errno)
	for _, always := range s.always {
		expected = expected || errors.Is(err, always)
	}
	if !expected {
		t.Errorf("%s: the error is another: %v", where, err)
	}
	if strings.Contains(err.Error(), tempPrefix) {
		t.Errorf("%s: names the temporary: %v", where, err)
	}
	if s.name == "RemoveStale" {
		return // which names the directory
	}
	var path *fs.PathError
	var link *os.LinkError
	var named string
	switch {
	case errors.As(err, &path):
		named = path.Path
	case errors.As(err, &link) && link.Op == "symlink":
		named = link.New
	case errors.As(err, &link):
		named = strings.TrimSuffix(link.Old, ".a")
	}
	if base := filepath.Base(named); base != "f" && base != "f.a" && base != "f.b" {
		t.Errorf("%s: %T does not name the caller's file: %v", where, err, err)
	}
}
