package atomicfix

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// These tests run on every system.

// both runs a test with the package's functions and beneath a root.
func both(t *testing.T, test func(t *testing.T, x *FS, dir, prefix string)) {
	t.Run("names", func(t *testing.T) {
		dir := t.TempDir()
		test(t, With(), dir, dir+string(filepath.Separator))
	})
	t.Run("root", func(t *testing.T) {
		dir := t.TempDir()
		root, err := os.OpenRoot(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer root.Close()
		test(t, In(root), dir, "")
	})
}

func wantContent(t *testing.T, name, want string) {
	t.Helper()
	if got := text(name); got != want {
		t.Errorf("%s has %.40q, not %.40q", filepath.Base(name), got, want)
	}
}

// wantOnly checks that dir has these entries, and locks, but no temporaries.
func wantOnly(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".lock") {
			got = append(got, e.Name())
		}
	}
	if strings.Join(got, " ") != strings.Join(names, " ") {
		t.Errorf("there are %v, not %v", got, names)
	}
}

func TestWrite(t *testing.T) {
	both(t, func(t *testing.T, x *FS, dir, prefix string) {
		f := filepath.Join(dir, "f")
		for _, write := range []func(string) error{
			func(s string) error { return x.WriteFile(prefix+"f", []byte(s), 0o600) },
			func(s string) error { return x.WriteFileMode(prefix+"f", []byte(s), 0o600) },
			func(s string) error { return x.WriteReader(prefix+"f", strings.NewReader(s), 0o600) },
			func(s string) error {
				return x.WriteFunc(prefix+"f", 0o600, func(w io.Writer) error {
					_, err := io.WriteString(w, s)
					return err
				})
			},
			func(s string) error {
				return x.Update(prefix+"f", 0o600, func(old []byte) ([]byte, error) {
					if old == nil {
						return nil, errors.New("old content is nil")
					}
					return []byte(s), nil
				})
			},
		} {
			for _, s := range []string{newText, "", strings.Repeat(newText, 1<<16), oldText} {
				if err := write(s); err != nil {
					t.Error(err)
				}
				wantContent(t, f, s)
			}
		}
		wantOnly(t, dir, "f")
	})
}

func TestPackageFunctions(t *testing.T) {
	f := filepath.Join(t.TempDir(), "f")
	check := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
		wantContent(t, f, what)
	}
	check("a", WriteFileExcl(f, []byte("a"), 0o600))
	check("b", WriteFile(f, []byte("b"), 0o600))
	check("c", WriteFileMode(f, []byte("c"), 0o600))
	check("d", WriteReader(f, strings.NewReader("d"), 0o600))
	check("e", WriteFunc(f, 0o600, func(w io.Writer) error {
		_, err := w.Write([]byte("e"))
		return err
	}))
	check("f", Update(f, 0o600, func([]byte) ([]byte, error) { return []byte("f"), nil }))
	check("g", UpdateContext(t.Context(), f, 0o600, func([]byte) ([]byte, error) { return []byte("g"), nil }))
	for i, create := range []func() (*File, error){
		func() (*File, error) { return Create(f) },
		func() (*File, error) { return CreateMode(f, 0o600) },
		func() (*File, error) { return CreatePerm(f, 0o600) },
		func() (*File, error) { return CreateExcl(f, 0o600) },
	} {
		w, err := create()
		if i == 3 {
			if !errors.Is(err, fs.ErrExist) {
				t.Errorf("CreateExcl: %v", err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		w.WriteString("staged")
		check("staged", w.Commit())
	}
	if err := RenameNoReplace(f, f); !errors.Is(err, fs.ErrExist) {
		t.Errorf("RenameNoReplace: %v", err)
	}
	for _, open := range []func(string) (*os.File, os.FileInfo, error){OpenStat, OpenRegular} {
		r, info, err := open(f)
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() != int64(len("staged")) || r.Name() != f {
			t.Errorf("%v %s", info.Size(), r.Name())
		}
		r.Close()
		if _, _, err := open(f + "2"); !errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
	}
	if _, _, err := OpenRegular(filepath.Dir(f)); !errors.Is(err, ErrNotRegular) {
		t.Errorf("OpenRegular of a directory: %v", err)
	}
}

func TestFile(t *testing.T) {
	both(t, func(t *testing.T, x *FS, dir, prefix string) {
		name := filepath.Join(dir, "f")
		put(t, name, oldText, 0o600)
		f, err := x.Create(prefix + "f")
		if err != nil {
			t.Fatal(err)
		}
		if f.Name() != prefix+"f" {
			t.Errorf("Name is %s", f.Name())
		}
		f.WriteString("xyz ")
		f.Write([]byte("content"))
		if n, err := f.ReadFrom(strings.NewReader(" more")); n != 5 || err != nil {
			t.Errorf("ReadFrom: %d, %v", n, err)
		}
		if pos, err := f.Seek(0, io.SeekStart); pos != 0 || err != nil {
			t.Errorf("Seek: %d, %v", pos, err)
		}
		f.WriteString("new")
		info, err := f.Stat()
		if err != nil || info.Size() != 16 || info.Name() != "f" {
			t.Errorf("Stat: %v, %v", info, err)
		}
		wantContent(t, name, oldText)
		if err := f.Commit(); err != nil {
			t.Error(err)
		}
		wantContent(t, name, "new content more")

		for what, err := range map[string]error{
			"Commit": f.Commit(), "Chmod": f.Chmod(0o600),
			"Write": second(f.Write(nil)), "WriteString": second(f.WriteString("")),
			"ReadFrom": second(f.ReadFrom(strings.NewReader(""))),
			"Seek":     second(f.Seek(0, io.SeekStart)), "Stat": second(f.Stat()),
		} {
			var e *fs.PathError
			if !errors.Is(err, fs.ErrClosed) || !errors.As(err, &e) || e.Path != prefix+"f" {
				t.Errorf("%s after Commit: %v", what, err)
			}
		}
		for range 2 {
			if err := f.Close(); err != nil {
				t.Errorf("Close after Commit: %v", err)
			}
		}
		wantOnly(t, dir, "f")
	})
}

// TestCreatePerm compares the modes of new and old files with those that os.OpenFile
// leaves.
func TestCreatePerm(t *testing.T) {
	both(t, func(t *testing.T, x *FS, dir, prefix string) {
		for _, old := range []fs.FileMode{0, 0o600, 0o640, 0o777} { // 0: there is none
			for _, perm := range []fs.FileMode{0o600, 0o640, 0o666, 0o777, 0o400} {
				ours, theirs := filepath.Join(dir, "ours"), filepath.Join(dir, "theirs")
				for _, name := range []string{ours, theirs} {
					os.Remove(name)
					if old != 0 {
						put(t, name, oldText, old)
						if err := os.Chmod(name, old); err != nil {
							t.Fatal(err)
						}
					}
				}
				f, err := os.OpenFile(theirs, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, perm)
				if err != nil {
					t.Fatal(err)
				}
				f.Close()
				w, err := x.CreatePerm(prefix+"ours", perm)
				if err != nil {
					t.Fatal(err)
				}
				w.WriteString(newText)
				if err := w.Commit(); err != nil {
					t.Fatal(err)
				}
				got, err := os.Stat(ours)
				if err != nil {
					t.Fatal(err)
				}
				want, err := os.Stat(theirs)
				if err != nil {
					t.Fatal(err)
				}
				if got.Mode() != want.Mode() {
					t.Errorf("old %v, perm %v: mode %v, want %v", old, perm, got.Mode(), want.Mode())
				}
				if got.Mode()&0o400 != 0 {
					wantContent(t, ours, newText)
				}
			}
		}
		os.Remove(filepath.Join(dir, "theirs"))
		wantOnly(t, dir, "ours")
	})
}

func TestAbandon(t *testing.T) {
	both(t, func(t *testing.T, x *FS, dir, prefix string) {
		name := filepath.Join(dir, "f")
		put(t, name, oldText, 0o600)
		f, err := x.Create(prefix + "f")
		if err != nil {
			t.Fatal(err)
		}
		f.WriteString(newText)
		for range 2 {
			var e *fs.PathError
			if err := f.Close(); !errors.Is(err, ErrNotCommitted) || !errors.As(err, &e) || e.Path != prefix+"f" {
				t.Errorf("Close: %v", err)
			}
		}
		if err := f.Commit(); !errors.Is(err, fs.ErrClosed) {
			t.Errorf("Commit after Close: %v", err)
		}
		wantContent(t, name, oldText)
		wantOnly(t, dir, "f")
	})
}

// TestDropped forgets a File: its temporary goes when it is collected.
func TestDropped(t *testing.T) {
	both(t, func(t *testing.T, x *FS, dir, prefix string) {
		put(t, filepath.Join(dir, "f"), oldText, 0o600)
		for named, create := range []func() error{
			func() error { return second(x.CreateExcl(prefix+"g", 0o600)) }, // without a name, on Linux
			func() error { return second(x.Create(prefix + "f")) },
		} {
			if err := create(); err != nil {
				t.Fatal(err)
			}
			if temps := temporaries(t, dir); len(temps) != named && len(temps) != 1 {
				t.Fatalf("temporaries %v", temps)
			}
			for start := time.Now(); len(temporaries(t, dir)) > 0 && time.Since(start) < 20*time.Second; {
				runtime.GC()
				time.Sleep(time.Millisecond)
			}
			wantOnly(t, dir, "f")
		}
	})
}

// failing gives some content and then an error.
type failing struct{ err error }

func (f failing) Read(p []byte) (int, error) { return copy(p, "abc"), f.err }

func TestFailureBlocksCommit(t *testing.T) {
	broken := errors.New("broken")
	both(t, func(t *testing.T, x *FS, dir, prefix string) {
		name := filepath.Join(dir, "f")
		put(t, name, oldText, 0o600)
		for what, fail := range map[string]func(*File) error{
			"ReadFrom": func(f *File) error { return second(f.ReadFrom(failing{broken})) },
			"Seek":     func(f *File) error { return second(f.Seek(-1, io.SeekStart)) },
			"panic": func(f *File) (err error) {
				defer func() { err = recover().(error) }()
				f.ReadFrom(readerFunc(func([]byte) (int, error) { panic(broken) }))
				return nil
			},
		} {
			f, err := x.Create(prefix + "f")
			if err != nil {
				t.Fatal(err)
			}
			f.WriteString(newText)
			first := fail(f)
			if first == nil {
				t.Errorf("%s did not fail", what)
			}
			f.WriteString("goes on")
			if err := f.Commit(); err == nil || what == "ReadFrom" && !errors.Is(err, broken) {
				t.Errorf("%s, then Commit: %v", what, err)
			}
			if err := f.Close(); !errors.Is(err, ErrNotCommitted) {
				t.Errorf("%s, then Close: %v", what, err)
			}
			wantContent(t, name, oldText)
		}
		aboutIt := fmt.Errorf("while it is filtered: %w", &fs.PathError{Op: "read", Path: prefix + "f", Err: broken})
		if err := x.WriteReader(prefix+"f", failing{aboutIt}, 0o600); err != aboutIt {
			t.Errorf("a reader's error about the same name became %v", err)
		}
		if err := x.WriteReader(prefix+"f", failing{broken}, 0o600); err != broken {
			t.Errorf("WriteReader: %v", err)
		}
		if err := x.WriteFunc(prefix+"f", 0o600, func(w io.Writer) error {
			io.WriteString(w, newText)
			return broken
		}); err != broken {
			t.Errorf("WriteFunc: %v", err)
		}
		wantContent(t, name, oldText)
		wantOnly(t, dir, "f")
	})
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// TestLeaving ends the callbacks by panic and by Goexit.
func TestLeaving(t *testing.T) {
	both(t, func(t *testing.T, x *FS, dir, prefix string) {
		name := filepath.Join(dir, "f")
		put(t, name, oldText, 0o600)
		for _, leave := range []func(){func() { panic("leaving") }, runtime.Goexit} {
			for _, call := range []func(){
				func() {
					x.WriteFunc(prefix+"f", 0o600, func(w io.Writer) error {
						io.WriteString(w, newText)
						leave()
						return nil
					})
				},
				func() {
					x.Update(prefix+"f", 0o600, func([]byte) ([]byte, error) {
						leave()
						return nil, nil
					})
				},
			} {
				done := make(chan bool)
				go func() {
					defer close(done)
					defer func() { recover() }()
					call()
				}()
				<-done
				wantContent(t, name, oldText)
				wantOnly(t, dir, "f")
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if err := x.UpdateContext(ctx, prefix+"f", 0o600, func([]byte) ([]byte, error) { return []byte(newText), nil }); err != nil {
			t.Errorf("the lock is still held: %v", err)
		}
		wantContent(t, name, newText)
	})
}

func TestExclusive(t *testing.T) {
	both(t, func(t *testing.T, x *FS, dir, prefix string) {
		f, err := x.CreateExcl(prefix+"f", 0o600)
		if err != nil {
			t.Fatal(err)
		}
		f.WriteString(newText)
		wantOnly2 := func(content string) { wantContent(t, filepath.Join(dir, "f"), content) }
		wantOnly2("-")
		put(t, filepath.Join(dir, "f"), oldText, 0o600) // overtaken
		if err := f.Commit(); !errors.Is(err, fs.ErrExist) {
			t.Errorf("Commit: %v", err)
		}
		f.Close()
		wantOnly2(oldText)
		wantOnly(t, dir, "f")

		for _, name := range []string{"f", ".", "..", "f/"} {
			if err := x.WriteFileExcl(prefix+name, nil, 0o600); err == nil {
				t.Errorf("WriteFileExcl of %s succeeded", name)
			}
		}
		for _, name := range []string{"", "no/f", "no/.", "no/"} {
			if err := x.WriteFileExcl(prefix+name, nil, 0o600); err == nil {
				t.Errorf("WriteFileExcl of %s succeeded", name)
			}
		}
		if os.Symlink("nowhere", filepath.Join(dir, "dangling")) == nil {
			if err := x.WriteFileExcl(prefix+"dangling", nil, 0o600); !errors.Is(err, fs.ErrExist) {
				t.Errorf("dangling link: %v", err)
			}
		}
	})
}

func TestRenameNoReplace(t *testing.T) {
	both(t, func(t *testing.T, x *FS, dir, prefix string) {
		put(t, filepath.Join(dir, "a"), "a", 0o600)
		put(t, filepath.Join(dir, "b"), "b", 0o600)
		var e *os.LinkError
		err := x.RenameNoReplace(prefix+"a", prefix+"b")
		if !errors.Is(err, fs.ErrExist) || !errors.As(err, &e) || e.Old != prefix+"a" || e.New != prefix+"b" {
			t.Errorf("%v", err)
		}
		for _, names := range [][2]string{{"a", "."}, {"..", "x"}, {"", "x"}, {"a", ""}, {"absent", "x"}, {"a", "no/x"}, {"no/a", "x"}} {
			if err := x.RenameNoReplace(prefix+names[0], prefix+names[1]); err == nil && prefix+names[0] != prefix {
				t.Errorf("%q succeeded", names)
			}
		}
		wantOnly(t, dir, "a", "b")
		wantContent(t, filepath.Join(dir, "b"), "b")
		if err := os.Mkdir(filepath.Join(dir, "sub"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := x.RenameNoReplace(prefix+"a", prefix+"sub/c"); err != nil && !errors.Is(err, errors.ErrUnsupported) {
			t.Error(err)
		}
		if runtime.GOOS == "linux" {
			if err := x.RenameNoReplace(prefix+"sub/", prefix+"dir/"); err != nil {
				t.Error(err)
			}
			wantOnly(t, dir, "b", "dir")
			wantContent(t, filepath.Join(dir, "dir", "c"), "a")
		}
	})
}

func TestNames(t *testing.T) {
	both(t, func(t *testing.T, x *FS, dir, prefix string) {
		if err := os.Mkdir(filepath.Join(dir, "sub"), 0o700); err != nil {
			t.Fatal(err)
		}
		long := strings.Repeat("n", 255)
		put(t, filepath.Join(dir, long), oldText, 0o600)
		for _, name := range []string{long, "sub/f", "./g", "sub//h", "sub/./i", "sub/../j"} {
			for _, content := range []string{newText, oldText} {
				if err := x.WriteFile(prefix+name, []byte(content), 0o600); err != nil {
					t.Errorf("%.9s: %v", name, err)
				}
				wantContent(t, filepath.Join(dir, name), content)
			}
			if err := x.Update(prefix+name, 0o600, func([]byte) ([]byte, error) { return []byte(newText), nil }); err != nil {
				t.Errorf("Update %.9s: %v", name, err)
			}
		}
		for _, name := range []string{"", "absent/", "absent/f", "sub", "sub/", ".", "..", "absent/.", "f\x00"} {
			if prefix+name == prefix && prefix != "" {
				continue
			}
			var e *fs.PathError
			if err := x.WriteFile(prefix+name, nil, 0o600); !errors.As(err, &e) || e.Path != prefix+name {
				t.Errorf("%q: %v", name, err)
			}
			if _, err := x.Create(prefix + name); err == nil {
				t.Errorf("Create %q succeeded", name)
			}
		}
		wantOnly(t, filepath.Join(dir, "sub"), "f", "h", "i")
	})
}

func symlink(t *testing.T, text, name string) {
	t.Helper()
	if err := os.Symlink(text, name); err != nil {
		t.Skipf("no links: %v", err)
	}
}

func TestLinks(t *testing.T) {
	both(t, func(t *testing.T, x *FS, dir, prefix string) {
		for _, sub := range []string{"a", "a/b", "c"} {
			if err := os.Mkdir(filepath.Join(dir, sub), 0o700); err != nil {
				t.Fatal(err)
			}
		}
		at := func(name string) string { return filepath.Join(dir, name) }
		symlink(t, "a/b", at("deep"))
		symlink(t, "deep/../f", at("link")) // a/f, though Clean says f
		symlink(t, "../link", at("c/chain"))
		put(t, at("a/f"), oldText, 0o600)
		for _, name := range []string{"link", "c/chain", "deep/../f"} {
			if runtime.GOOS == "windows" {
				continue // where names are cleaned first
			}
			if err := x.WriteFile(prefix+name, []byte(name), 0o600); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			wantContent(t, at("a/f"), name)
		}
		symlink(t, "a/new", at("dangling"))
		if err := x.WriteFile(prefix+"dangling", []byte(newText), 0o600); err != nil {
			t.Error(err)
		}
		wantContent(t, at("a/new"), newText)

		symlink(t, "loop", at("loop"))
		if err := x.WriteFile(prefix+"loop", nil, 0o600); err == nil {
			t.Error("a loop was written to")
		}
		wantOnly(t, dir, "a", "c", "dangling", "deep", "link", "loop")
	})
}

func TestNoFollow(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "f"), oldText, 0o600)
	symlink(t, "f", filepath.Join(dir, "link"))
	symlink(t, os.DevNull, filepath.Join(dir, "null"))
	symlink(t, ".", filepath.Join(dir, "same"))
	x := With(NoFollow())
	for _, name := range []string{"link", "null"} {
		name = filepath.Join(dir, name)
		if err := x.WriteFile(name, []byte(newText), 0o600); !isLoop(err) {
			t.Errorf("WriteFile: %v", err)
		}
		if err := x.Update(name, 0o600, func([]byte) ([]byte, error) { return nil, nil }); !isLoop(err) {
			t.Errorf("Update: %v", err)
		}
		if _, _, err := x.OpenStat(name); !isLoop(err) {
			t.Errorf("OpenStat: %v", err)
		}
		if _, _, err := x.OpenRegular(name); !isLoop(err) {
			t.Errorf("OpenRegular: %v", err)
		}
	}
	wantContent(t, filepath.Join(dir, "f"), oldText)
	through := filepath.Join(dir, "same", "f") // a directory may be a link
	if err := x.WriteFile(through, []byte(newText), 0o600); err != nil {
		t.Error(err)
	}
	wantContent(t, filepath.Join(dir, "f"), newText)
	if f, _, err := x.OpenRegular(through); err != nil {
		t.Error(err)
	} else {
		f.Close()
	}
	if f, _, err := x.OpenStat("."); err != nil {
		t.Error(err)
	} else {
		f.Close()
	}
	if _, _, err := x.OpenStat(filepath.Join(dir, "no", "f")); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

func TestRootHolds(t *testing.T) {
	outside := t.TempDir()
	put(t, filepath.Join(outside, "f"), oldText, 0o600)
	dir := filepath.Join(outside, "root")
	if err := os.MkdirAll(filepath.Join(dir, "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	symlink(t, "../f", filepath.Join(dir, "up"))
	symlink(t, "../../f", filepath.Join(dir, "sub", "up"))
	symlink(t, filepath.Join(outside, "f"), filepath.Join(dir, "absolute"))
	symlink(t, "../new", filepath.Join(dir, "dangling"))
	symlink(t, "..", filepath.Join(dir, "parent"))
	symlink(t, "sub/../up", filepath.Join(dir, "chain"))
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	x := In(root)
	for _, name := range []string{"../f", "up", "sub/up", "absolute", "dangling", "parent/f", "parent/new", "chain", filepath.Join(outside, "f"), "/f"} {
		content := []byte(newText)
		for what, err := range map[string]error{
			"WriteFile":       x.WriteFile(name, content, 0o600),
			"WriteFileMode":   x.WriteFileMode(name, content, 0o600),
			"Create":          second(x.Create(name)),
			"CreatePerm":      second(x.CreatePerm(name, 0o600)),
			"Update":          x.Update(name, 0o600, func([]byte) ([]byte, error) { return content, nil }),
			"OpenRegular":     second(drop(x.OpenRegular(name))),
			"RenameNoReplace": x.RenameNoReplace(name, "../moved"),
		} {
			if err == nil {
				t.Errorf("%s of %s left the root", what, name)
			}
		}
	}
	for _, name := range []string{"../g", "parent/g", "/g"} {
		if err := x.WriteFileExcl(name, nil, 0o600); err == nil {
			t.Errorf("WriteFileExcl of %s left the root", name)
		}
	}
	wantContent(t, filepath.Join(outside, "f"), oldText)
	wantOnly(t, outside, "f", "root")
	wantOnly(t, filepath.Join(dir, "sub"), "up")

	// The temporary goes to the target's own directory, which is held: the File
	// follows it when it is moved.
	put(t, filepath.Join(dir, "sub", "f"), oldText, 0o600)
	f, err := x.Create("sub/f")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	f.WriteString(newText)
	if runtime.GOOS != "windows" { // which does not move what is open
		if temps := temporaries(t, filepath.Join(dir, "sub")); len(temps) != 1 {
			t.Errorf("temporaries %v", temps)
		}
		if err := os.Rename(filepath.Join(dir, "sub"), filepath.Join(dir, "moved")); err != nil {
			t.Fatal(err)
		}
		if err := f.Commit(); err != nil {
			t.Error(err)
		}
		wantContent(t, filepath.Join(dir, "moved", "f"), newText)
	}
}

func drop[T, U any](t T, _ U, err error) (T, error) { return t, err }

func TestUpdate(t *testing.T) {
	both(t, func(t *testing.T, x *FS, dir, prefix string) {
		name := filepath.Join(dir, "f")
		if err := x.Update(prefix+"f", 0o600, func(old []byte) ([]byte, error) {
			if old != nil {
				t.Errorf("of an absent file there is %q", old)
			}
			return nil, nil
		}); err != nil {
			t.Error(err)
		}
		wantContent(t, name, "")
		refused := errors.New("refused")
		if err := x.Update(prefix+"f", 0o600, func(old []byte) ([]byte, error) {
			if old == nil {
				t.Error("of an empty file there is nil")
			}
			return []byte(newText), refused
		}); err != refused {
			t.Errorf("%v", err)
		}
		wantContent(t, name, "")

		held, free := make(chan bool), make(chan bool)
		go x.Update(prefix+"f", 0o600, func([]byte) ([]byte, error) {
			close(held)
			<-free
			return []byte("first"), nil
		})
		<-held
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		if err := x.UpdateContext(ctx, prefix+"f", 0o600, nil); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("while the lock is held: %v", err)
		}
		time.AfterFunc(20*time.Millisecond, func() { close(free) })
		if err := x.Update(prefix+"f", 0o600, func(old []byte) ([]byte, error) {
			return append(old, " second"...), nil
		}); err != nil {
			t.Error(err)
		}
		wantContent(t, name, "first second")
		if err := x.Update(prefix+"no/f", 0o600, nil); !errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
		wantOnly(t, dir, "f")
	})
}

func TestLockNames(t *testing.T) {
	if lockName("Straße.Conf") != lockName("straße.conf") || lockName("a") == lockName("b") {
		t.Error("lock names")
	}
	if lockName("caf\xe8") == lockName("caf\xe9") || lockName("caf\xe9") == lockName("caf\uFFFD") {
		t.Error("names in Latin-1 have one lock")
	}
	if lockName("\xe9Straße") != lockName("\xe9straße") {
		t.Error("the case of letters beside one that is not UTF-8")
	}
	if n := len(lockName(strings.Repeat("n", 255))); n != len(lockName("n")) || n > 64 {
		t.Errorf("%d bytes", n)
	}
}

// TestNil holds that a nil File is as usable as a nil *os.File, for programs
// that go on after a failed Create.
func TestNil(t *testing.T) {
	var f *File
	var disk *os.File
	for name, pair := range map[string][2]error{
		"Write":    {second(f.Write(nil)), second(disk.Write(nil))},
		"ReadFrom": {second(f.ReadFrom(strings.NewReader(""))), second(disk.ReadFrom(strings.NewReader("")))},
		"Seek":     {second(f.Seek(0, 0)), second(disk.Seek(0, 0))},
		"Stat":     {second(f.Stat()), second(disk.Stat())},
		"Chmod":    {f.Chmod(0o600), disk.Chmod(0o600)},
		"Close":    {f.Close(), disk.Close()},
		"Commit":   {f.Commit(), fs.ErrInvalid},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %v, that of os %v", name, pair[0], pair[1])
		}
	}
}

func TestErrors(t *testing.T) {
	inner := &fs.PathError{Op: "open", Path: ".atomicfix-secret.tmp", Err: fs.ErrPermission}
	for _, err := range []error{inner, os.NewSyscallError("open", inner), &os.LinkError{Op: "rename", Old: "x", New: "y", Err: inner}} {
		got := pathError("open", "f", err)
		if got.Error() != "open f: permission denied" && got.Error() != "open f: "+fs.ErrPermission.Error() || !errors.Is(got, fs.ErrPermission) {
			t.Errorf("%v", got)
		}
	}
	d := &DurabilityError{"f", inner}
	if !errors.Is(d, fs.ErrPermission) || !strings.Contains(d.Error(), "f replaced, but not known to be durable") {
		t.Errorf("%v", d)
	}
}

// TestSpool stages in memory and, what is more than a megabyte, in a file.
func TestSpool(t *testing.T) {
	s := &spool{sys: kernel{}, name: "f", mode: 0o640}
	defer s.close()
	seek := func(off int64, whence int, want int64) {
		t.Helper()
		got, err := s.Seek(off, whence)
		if (err != nil) != (want < 0) || err == nil && got != want {
			t.Errorf("Seek(%d, %d): %d, %v", off, whence, got, err)
		}
	}
	content := func() string {
		size, err := s.size()
		if err != nil {
			t.Fatal(err)
		}
		buf := make([]byte, size)
		if _, err := s.ReadAt(buf, 0); err != nil && err != io.EOF {
			t.Error(err)
		}
		return string(buf)
	}
	io.WriteString(s, "0123456789")
	seek(2, io.SeekStart, 2)
	seek(3, io.SeekCurrent, 5)
	seek(-1, io.SeekEnd, 9)
	seek(-1, io.SeekStart, -1)
	seek(12, io.SeekStart, 12)
	if n, err := s.ReadFrom(strings.NewReader("xy")); n != 2 || err != nil {
		t.Errorf("ReadFrom: %d, %v", n, err)
	}
	info, err := s.Stat()
	if content() != "0123456789\x00\x00xy" || err != nil || info.Size() != 14 || info.Mode() != 0o640 || info.Name() != "f" ||
		info.IsDir() || info.Sys() != nil || !info.ModTime().IsZero() {
		t.Errorf("%q %v %v", content(), info, err)
	}

	long := strings.Repeat("z", spoolMemory)
	if n, err := s.Write([]byte(long)); n != len(long) || err != nil {
		t.Errorf("Write: %d, %v", n, err)
	}
	if s.file == nil || s.data != nil {
		t.Error("all of it is still in memory")
	}
	seek(1, io.SeekStart, 1)
	io.WriteString(s, "AB")
	if want := "0AB3456789\x00\x00xy" + long; content() != want {
		t.Errorf("%.20q and %d bytes", content(), len(content()))
	}
	seek(-1, io.SeekStart, -1)
}
