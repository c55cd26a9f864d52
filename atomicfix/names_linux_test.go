package atomicfix

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// These tests make the same call of package os and of this package, with names of
// every form, each in a directory of its own that has the same files.

// layOut makes the files that the names are about.
func layOut(t *testing.T, dir string) {
	t.Helper()
	if err := errorsOf(os.Mkdir(dir, 0o755), os.Chdir(dir), os.Mkdir("d", 0o755), os.Mkdir("full", 0o755), os.Mkdir("u", 0o755)); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"f", "f2", "full/x", "u/x", strings.Repeat("n", 255)} {
		put(t, name, oldText, 0o640)
	}
	put(t, "ro", oldText, 0o400)
	put(t, "wo", oldText, 0o200)
	for name, text := range map[string]string{
		"l": "f", "ld": "d", "lslash": "f/", "ldot": "f/.", "ldslash": "d/", "dangling": "nowhere", "dslash": "nowhere/",
		"ddot": "nowhere/.", "loop": "loop", "lu": "u/x", "llong": strings.Repeat("n", 256), "lup": "d/..", "chain": "lslash",
	} {
		if err := os.Symlink(text, name); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod("u", 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(filepath.Join(dir, "u"), 0o700) })
}

// oddNames are the names to try. Only a few may be for both ends of a pair.
func oddNames(pairs bool) (names []string) {
	bases := []string{"f", "d", "full", "l", "ld", "dangling", "loop", "absent", "lup"}
	suffixes := []string{"", "/"}
	if !pairs {
		bases = append(bases, "ro", "wo", "lslash", "ldot", "ldslash", "dslash", "ddot", "lu", "llong", "chain", "u", "u/x",
			"d/absent", "f/x", "absent/x", "ld/x", "loop/x", strings.Repeat("n", 255), strings.Repeat("n", 256),
			"d/"+strings.Repeat("n", 256), strings.Repeat("./", 2046)+"abc", strings.Repeat("./", 2046)+"abcd", strings.Repeat("d/../", 820)+"f")
		suffixes = append(suffixes, "//", "/.", "/..", "/./", "/.//", "/../")
	}
	for _, base := range bases {
		for _, suffix := range suffixes {
			names = append(names, base+suffix)
		}
	}
	return append(names, "", ".", "..", "./", "../", "/", "//", "/.", "/..", "f\x00", "\x00", "d/../f", "absent/../f", "ld/../f", ".//f",
		"f/.", "d/.", "d/..", "d/x", "full/x", "f/x", "absent/x", "u/x", "u/absent", strings.Repeat("n", 256),
		strings.Repeat("./", 2046)+"abcd")
}

// tree is what is in the current directory.
func tree() string {
	os.Chmod("u", 0o700)
	defer os.Chmod("u", 0)
	var all []string
	filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			all = append(all, err.Error())
			return nil
		}
		info, err := d.Info()
		if err != nil {
			all = append(all, err.Error())
			return nil
		}
		to, _ := os.Readlink(path)
		data := ""
		if d.Type().IsRegular() {
			os.Chmod(path, 0o600)
			data = text(path)
			os.Chmod(path, info.Mode())
		}
		if d.IsDir() && path != "u" { // whose own mode has just changed
			data = info.Mode().String()
		} else if !d.IsDir() {
			data += info.Mode().String()
		}
		all = append(all, fmt.Sprintf("%.20s %s %s", path, to, data))
		return nil
	})
	return strings.Join(all, "\n")
}

// errnoText is all that a caller can see of an error.
func errnoText(err error) string {
	var pe *fs.PathError
	var le *os.LinkError
	switch {
	case err == nil:
		return "no error"
	case errors.As(err, &pe):
		return fmt.Sprintf("PathError %s %.20q: %v", pe.Op, pe.Path, pe.Err)
	case errors.As(err, &le):
		return fmt.Sprintf("LinkError %s %.20q %.20q: %v", le.Op, le.Old, le.New, le.Err)
	}
	return fmt.Sprintf("%T %v", err, err)
}

// A twin is one call, by package os and by this package.
type twin struct {
	what         string
	theirs, ours func(old, name string) error
}

// compare makes each call with each name, or pair of names.
func compare(t *testing.T, twins []twin, olds, names []string) {
	if unix.Access("/dev/shm", unix.W_OK) == nil {
		t.Setenv("TMPDIR", "/dev/shm") // to lay out thousands of files takes long elsewhere
	}
	base := openTempDir(t)
	home, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	defer os.Chdir(home)
	made := 0
	lay := func() (dir string) {
		made++
		dir = filepath.Join(base, fmt.Sprint(made))
		layOut(t, dir)
		return dir
	}
	dirs := [2]string{lay(), lay()}
	calls, succeeded := 0, 0
	for _, tw := range twins {
		for _, old := range olds {
			for _, name := range names {
				var errs [2]error
				for i, call := range []func(old, name string) error{tw.theirs, tw.ours} {
					if err := os.Chdir(dirs[i]); err != nil {
						t.Fatal(err)
					}
					errs[i] = call(old, name)
				}
				calls++
				if theirs, ours := errnoText(errs[0]), errnoText(errs[1]); theirs != ours {
					t.Errorf("%s(%.20q, %.20q):\n  os   %s\n  ours %s", tw.what, old, name, theirs, ours)
				}
				if errs[0] == nil || errs[1] == nil {
					succeeded++
					var trees [2]string
					for i := range dirs {
						os.Chdir(dirs[i])
						trees[i] = tree()
						dirs[i] = lay()
					}
					if trees[0] != trees[1] {
						t.Errorf("%s(%.20q, %.20q):\n  os   %s\n  ours %s", tw.what, old, name, trees[0], trees[1])
					}
				}
			}
		}
	}
	t.Logf("%d calls, %d succeeded", calls, succeeded)
	if succeeded < calls/100 || succeeded == calls {
		t.Error("too little was seen")
	}
}

func closed(f interface{ Close() error }, err error) error {
	if err == nil {
		f.Close()
	}
	return err
}

func TestNamesLikeOS(t *testing.T) {
	x := With(NoSync()) // the errors are the same
	content := []byte(newText)
	openFlag := func(flag int) func(_, name string) error {
		return func(_, name string) error {
			f, err := os.OpenFile(name, flag, 0o640)
			return closed(f, err)
		}
	}
	committed := func(f *File, err error) error {
		if err != nil {
			return err
		}
		defer f.Close()
		return f.Commit()
	}
	const truncate = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	compare(t, []twin{
		{"WriteFile", func(_, name string) error { return os.WriteFile(name, content, 0o640) },
			func(_, name string) error { return x.WriteFile(name, content, 0o640) }},
		{"WriteReader", func(_, name string) error { return os.WriteFile(name, content, 0o640) },
			func(_, name string) error { return x.WriteReader(name, strings.NewReader(newText), 0o640) }},
		{"Update", func(_, name string) error {
			if _, err := os.ReadFile(name); err != nil && !absent(err) { // what keeps it from being written comes first
				return firstOf(openFlag(os.O_WRONLY|os.O_CREATE)("", name), err)
			}
			return os.WriteFile(name, content, 0o640)
		}, func(_, name string) error {
			defer func() {
				for _, dir := range []string{".", "d", "full", "u"} {
					locks, _ := filepath.Glob(dir + "/.atomicfix-*.lock")
					for _, lock := range locks {
						os.Remove(lock)
					}
				}
			}()
			return x.Update(name, 0o640, changeToNew)
		}},
		{"CreatePerm", openFlag(truncate), func(_, name string) error { return committed(x.CreatePerm(name, 0o640)) }},
		{"CreateExcl", openFlag(truncate | os.O_EXCL), func(_, name string) error { return committed(x.CreateExcl(name, 0o640)) }},
		{"WriteFileExcl", openFlag(truncate | os.O_EXCL), func(_, name string) error { return x.WriteFileExcl(name, nil, 0o640) }},
		{"OpenStat", openFlag(os.O_RDONLY), func(_, name string) error { return closed(drop(x.OpenStat(name))) }},
	}, []string{""}, oddNames(false))
}

func TestPairsLikeOS(t *testing.T) {
	x := With(NoSync())
	compare(t, []twin{
		{"Rename", os.Rename, x.Rename},
		{"RenameNoReplace", func(old, name string) error {
			if err := unix.Renameat2(unix.AT_FDCWD, old, unix.AT_FDCWD, name, unix.RENAME_NOREPLACE); err != nil {
				return &os.LinkError{Op: "rename", Old: old, New: name, Err: err}
			}
			return nil
		}, x.RenameNoReplace},
		{"Symlink", func(old, name string) error {
			err := os.Symlink(old, name)
			info, lerr := os.Lstat(name)
			if errors.Is(err, fs.ErrExist) && lerr == nil && info.Mode()&fs.ModeSymlink != 0 { // which is to be replaced
				os.Remove(name)
				err = os.Symlink(old, name)
			}
			return err
		}, x.Symlink},
	}, slices.DeleteFunc(oddNames(true), func(name string) bool { return len(name) > 1000 }), oddNames(true))
}

// TestRootLikeOS compares what errors are with those of os.Root.
func TestRootLikeOS(t *testing.T) {
	within := func(use func(root *os.Root) error) error {
		root, err := os.OpenRoot(".")
		if err != nil {
			t.Fatal(err)
		}
		defer root.Close()
		return kindOf(use(root))
	}
	single := func(what string, theirs func(root *os.Root, name string) error, ours func(x *FS, name string) error) twin {
		return twin{what, func(_, name string) error { return within(func(root *os.Root) error { return theirs(root, name) }) },
			func(_, name string) error {
				return within(func(root *os.Root) error { return ours(In(root, NoSync()), name) })
			}}
	}
	open := func(flag int) func(root *os.Root, name string) error {
		return func(root *os.Root, name string) error {
			f, err := root.OpenFile(name, flag, 0o640)
			return closed(f, err)
		}
	}
	const truncate = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	names := slices.DeleteFunc(oddNames(false), func(name string) bool { return strings.HasPrefix(name, "/") })
	compare(t, []twin{
		single("WriteFile", func(root *os.Root, name string) error { return root.WriteFile(name, []byte(newText), 0o640) },
			func(x *FS, name string) error { return x.WriteFile(name, []byte(newText), 0o640) }),
		single("WriteFileExcl", open(truncate|os.O_EXCL), func(x *FS, name string) error { return x.WriteFileExcl(name, nil, 0o640) }),
		single("OpenStat", open(os.O_RDONLY), func(x *FS, name string) error { return closed(drop(x.OpenStat(name))) }),
	}, []string{""}, names)

	pair := func(what string, theirs func(root *os.Root, old, name string) error, ours func(x *FS, old, name string) error) twin {
		return twin{what, func(old, name string) error {
			return within(func(root *os.Root) error { return theirs(root, old, name) })
		},
			func(old, name string) error {
				return within(func(root *os.Root) error { return ours(In(root, NoSync()), old, name) })
			}}
	}
	names = slices.DeleteFunc(oddNames(true), func(name string) bool {
		return strings.HasPrefix(name, "/") || strings.HasSuffix(name, "/") || name == "d/.." // which an os.Root takes for "."
	})
	compare(t, []twin{
		pair("Rename", (*os.Root).Rename, (*FS).Rename),
		pair("Symlink", func(root *os.Root, old, name string) error {
			err := root.Symlink(old, name)
			info, lerr := root.Lstat(name)
			if errors.Is(err, fs.ErrExist) && lerr == nil && info.Mode()&fs.ModeSymlink != 0 {
				root.Remove(name)
				err = root.Symlink(old, name)
			}
			return err
		}, (*FS).Symlink),
	}, names, names)
}

// kindOf is what errors.Is can find of an error.
func kindOf(err error) error {
	if err == nil {
		return nil
	}
	var kinds []string
	for _, kind := range []error{fs.ErrExist, fs.ErrNotExist, fs.ErrPermission, fs.ErrInvalid, syscall.EISDIR, syscall.ENOTDIR, syscall.ELOOP,
		syscall.EINVAL, syscall.ENAMETOOLONG} {
		if errors.Is(err, kind) {
			kinds = append(kinds, kind.Error())
		}
	}
	if len(kinds) == 0 {
		kinds = []string{err.Error()[strings.LastIndex(err.Error(), ": ")+1:]}
	}
	return errors.New(strings.Join(kinds, ", "))
}

// TestDirectoryIntoItself has systems that cannot rename exclusively.
func TestDirectoryIntoItself(t *testing.T) {
	for what, next := range map[string]system{
		"the system's call": kernel{},
		"no such call":      always(kernel{}, map[string]error{"renameExcl": syscall.ENOSYS}),
		"no such flag":      always(kernel{}, map[string]error{"renameExcl": syscall.EINVAL}),
	} {
		dir := t.TempDir()
		at := func(name string) string { return filepath.Join(dir, name) }
		if err := errorsOf(os.MkdirAll(at("d/sub/deep"), 0o700), os.Mkdir(at("e"), 0o700)); err != nil {
			t.Fatal(err)
		}
		symlink(t, "d/sub", at("link"))
		put(t, at("f"), oldText, 0o600)
		x := newFS(next, nil)
		for _, to := range []string{"d/x", "d/sub/x", "d/sub/deep/x", "link/x", "d/../d/x"} {
			want := os.Rename(at("d"), at(to))
			if err := x.RenameNoReplace(at("d"), at(to)); errnoText(err) != errnoText(want) || !errors.Is(err, syscall.EINVAL) {
				t.Errorf("%s, to %s: %v, that of os %v", what, to, err, want)
			}
		}
		for _, to := range []string{"d", "e", "f", "link", ".", "d/sub", "d/sub/.."} {
			if err := x.RenameNoReplace(at("d"), dir+"/"+to); !errors.Is(err, fs.ErrExist) {
				t.Errorf("%s, to %s: %v", what, to, err)
			}
		}
		for _, to := range []string{"/", "//", dir + "/", dir + "/.", dir + "/d/.."} {
			if err := x.RenameNoReplace(at("f"), to); !errors.Is(err, fs.ErrExist) {
				t.Errorf("%s, a file to %s: %v", what, to, err)
			}
		}
		err := x.RenameNoReplace(at("d"), at("e/x"))
		if what == "the system's call" && err != nil || what != "the system's call" && !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
