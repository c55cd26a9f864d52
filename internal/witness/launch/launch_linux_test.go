package launch

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/edcacfbd/toctou/internal/witness/wire"
)

// confineWord has the test binary confine itself to a directory and execute a program.
const confineWord = "confined"

func TestMain(m *testing.M) {
	if len(os.Args) > 3 && os.Args[1] == confineWord {
		if err := confine(os.Args[2:3], nil); err != nil {
			panic(err)
		}
		panic(unix.Exec(os.Args[3], os.Args[3:], os.Environ()))
	}
	if len(os.Args) > 1 && os.Args[1] == "witness-exec" {
		os.Exit(Main(os.Args[2:]))
	}
	os.Exit(m.Run())
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// helping returns the other process, and a directory in which it may change things.
func helping(t *testing.T, c Change) (h *helper, private string) {
	t.Helper()
	r := &Run{Dir: t.TempDir(), Plan: &wire.Plan{}, Change: &c}
	if err := Prepare(r); err != nil {
		t.Fatal(err)
	}
	return &helper{run: r, roots: privateDirs(r.Dir)}, TempDir(r.Dir)
}

// TestChanges makes each change at the use, and looks at what is at the path before and
// after it.
func TestChanges(t *testing.T) {
	for _, want := range []struct {
		what              What
		as, before, after string // types of what is at the path
	}{
		{Nothing, "", "file", ""}, {Vanish, "", "file", ""}, {Other, "", "file", "file"}, {Program, "", "file", "file"},
		{Write, "", "file", "file"}, {Link, "", "file", "link"}, {Fill, "", "directory", "directory"},
		{Appear, "file", "", "file"}, {Appear, "directory", "", "directory"}, {Appear, "link", "", "link"},
		{Type, "link", "file", "link"}, {Type, "pipe", "file", "pipe"}, {Type, "pipe", "directory", "file"}, {Other, "", "directory", "directory"},
	} {
		what := want.what
		h, dir := helping(t, Change{What: what, As: want.as})
		path := filepath.Join(dir, "x")
		switch want.before {
		case "file":
			write(t, path, "old")
		case "directory":
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
		}
		early, _ := h.at(wire.Request{Moment: wire.CheckEnter, Name: path})
		m, _ := h.at(wire.Request{Moment: wire.UseEnter, Name: path})
		if early.Changed || m.Problem != "" || m.Changed != (what != Nothing) {
			t.Errorf("%s: changed %t before the check; %+v", what, early.Changed, m)
		}
		if m.Before.Type != want.before || m.After.Type != want.after {
			t.Errorf("%s: %q has become %q", what, m.Before.Type, m.After.Type)
		}
		if replaced := m.Before.Inode != m.After.Inode; what != Nothing && replaced == (what == Write || what == Fill) {
			t.Errorf("%s: another object: %t", what, replaced)
		}
		if what == Vanish || what == Other || what == Program || what == Link || what == Type {
			aside, err := filepath.Glob(filepath.Join(h.run.Dir, "aside", "*-x"))
			if err != nil || len(aside) != 1 {
				t.Errorf("%s: what was there is not kept: %v", what, err)
			}
		}
	}
}

// TestPipe reads a pipe that takes the place of a file: it has content, and an end.
func TestPipe(t *testing.T) {
	h, dir := helping(t, Change{What: Type, As: "pipe"})
	path := filepath.Join(dir, "x")
	write(t, path, "old")
	if m, _ := h.at(wire.Request{Moment: wire.UseEnter, Name: path}); m.Problem != "" {
		t.Fatal(m.Problem)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != canary {
		t.Errorf("%v: %q", err, text)
	}
}

// TestEarly makes a change before the check, and none at the use.
func TestEarly(t *testing.T) {
	h, dir := helping(t, Change{What: Vanish, Early: true})
	path := filepath.Join(dir, "x")
	write(t, path, "old")
	check, _ := h.at(wire.Request{Moment: wire.CheckEnter, Name: path})
	write(t, path, "new")
	use, _ := h.at(wire.Request{Moment: wire.UseEnter, Name: path})
	if !check.Changed || check.After.Exists || use.Changed || !use.Before.Exists {
		t.Errorf("%+v\n%+v", check, use)
	}
}

// TestChangesNothingElsewhere has the other process refuse a path that is not below a
// private directory: really, and not by its name.
func TestChangesNothingElsewhere(t *testing.T) {
	elsewhere := t.TempDir()
	victim := filepath.Join(elsewhere, "victim")
	write(t, victim, "mine")
	for _, what := range []What{Vanish, Other, Program, Write, Link, Fill, Type} {
		h, dir := helping(t, Change{What: what})
		if err := os.Symlink(elsewhere, filepath.Join(dir, "link")); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{victim, filepath.Join(dir, "link", "victim")} {
			m, _ := h.at(wire.Request{Moment: wire.UseEnter, Name: path})
			if m.Changed || m.Problem != errRefused.Error() {
				t.Errorf("%s of %s: %q", what, path, m.Problem)
			}
		}
	}
	h, _ := helping(t, Change{What: Appear, As: "file"})
	if m, _ := h.at(wire.Request{Moment: wire.UseEnter, Name: filepath.Join(elsewhere, "a", "b")}); m.Changed {
		t.Error("a file appears elsewhere")
	}
	// A link at the path itself is no way out either: it is moved, or not followed.
	h, dir := helping(t, Change{What: Write})
	link := filepath.Join(dir, "x")
	if err := os.Symlink(victim, link); err != nil {
		t.Fatal(err)
	}
	if m, _ := h.at(wire.Request{Moment: wire.UseEnter, Name: link}); m.Changed {
		t.Error("a write goes through a link")
	}
	entries, err := os.ReadDir(elsewhere)
	if text, _ := os.ReadFile(victim); err != nil || len(entries) != 1 || string(text) != "mine" {
		t.Errorf("%v: %v, %q", err, entries, text)
	}
}

// TestConfined writes below the directory that is left, and elsewhere.
func TestConfined(t *testing.T) {
	if err := Confines(); err != nil {
		t.Skip(err)
	}
	private, elsewhere := t.TempDir(), t.TempDir()
	write(t, filepath.Join(elsewhere, "f"), "mine")
	script := `echo > "$1/new"; echo >> "$1/f"; rm "$1/f"; mv "$1/f" "$1/g"; ln -s / "$1/link"; mkdir "$1/d"; : > "$1/f"; cat "$1/f" >/dev/null`
	for dir, left := range map[string]string{private: "d link new", elsewhere: "f"} {
		cmd := exec.Command(os.Args[0], confineWord, private, "/bin/sh", "-c", script, "sh", dir)
		out, err := cmd.CombinedOutput()
		var names []string
		entries, _ := os.ReadDir(dir)
		for _, e := range entries {
			names = append(names, e.Name())
		}
		if dir == private {
			left = "d f link new"
		}
		if strings.Join(names, " ") != left {
			t.Errorf("%v: %v, want %s\n%s", err, names, left, out)
		}
	}
	if text, _ := os.ReadFile(filepath.Join(elsewhere, "f")); string(text) != "mine" {
		t.Errorf("%q", text)
	}
}

// prepared returns a run whose test binary is a shell script.
func prepared(t *testing.T, timeout time.Duration, script string) (*Run, *exec.Cmd) {
	t.Helper()
	s := &Session{Dir: t.TempDir(), Timeout: timeout, Env: []string{"GOENV=off"}}
	if err := errors.Join(s.Save(), os.Mkdir(filepath.Join(s.Dir, "cache"), 0o700)); err != nil {
		t.Fatal(err)
	}
	r := &Run{Session: s.Dir, Dir: filepath.Join(s.Dir, "1")}
	if err := Prepare(r); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "witness-exec", s.Dir, "/bin/sh", "-c", script)
	cmd.Env = append(os.Environ(), RunVariable+"="+r.Dir, "XDG_CACHE_HOME=/x", "TOCTOU_X=/x")
	return r, cmd
}

// TestRun holds the environment of a test binary, its exit status, and that what it
// has left behind is ended.
func TestRun(t *testing.T) {
	r, cmd := prepared(t, time.Minute, `echo "$HOME $TMPDIR $GOENV ${XDG_CACHE_HOME-unset}, ${TOCTOU_X-unset}"; setsid sleep 300 >/dev/null 2>&1 & echo $!; exit 3`)
	out, err := cmd.Output()
	result, _, load := LoadResult(r.Dir)
	if cmd.ProcessState.ExitCode() != 3 || load != nil || result.Exit != 3 || result.TimedOut || result.Problem != "" {
		t.Fatalf("%v, %v: %+v", err, load, result)
	}
	first, second, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	if want := filepath.Join(r.Dir, "h") + " " + filepath.Join(r.Dir, "t") + " off unset, unset"; first != want {
		t.Errorf("%s\nwant %s", first, want)
	}
	if pid, err := strconv.Atoi(second); err != nil || unix.Kill(pid, 0) == nil {
		t.Errorf("%s is left", second)
	}
}

// TestTooLong ends a test binary that hangs, and what it has started.
func TestTooLong(t *testing.T) {
	r, cmd := prepared(t, 300*time.Millisecond, `trap '' QUIT; sleep 300 & echo $!; wait; sleep 300`)
	start := time.Now()
	out, _ := cmd.Output()
	if result, _, err := LoadResult(r.Dir); err != nil || !result.TimedOut || result.Exit == 0 {
		t.Errorf("%v: %+v", err, result)
	}
	if took := time.Since(start); took > time.Minute {
		t.Errorf("it took %s", took)
	}
	if pid, err := strconv.Atoi(strings.TrimSpace(string(out))); err != nil || unix.Kill(pid, 0) == nil {
		t.Errorf("%s is left", out)
	}
}

// TestInterrupted ends the test binary when the supervisor is to end.
func TestInterrupted(t *testing.T) {
	for _, sig := range []syscall.Signal{unix.SIGINT, unix.SIGTERM} {
		r, cmd := prepared(t, time.Minute, `sleep 300 & echo $!; wait`)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		line := make([]byte, 32)
		n, err := out.Read(line)
		if err != nil {
			t.Fatal(err)
		}
		_ = cmd.Process.Signal(sig)
		_ = cmd.Wait()
		if result, _, err := LoadResult(r.Dir); err != nil || result.TimedOut || result.Exit == 0 {
			t.Errorf("%s: %v: %+v", sig, err, result)
		}
		if pid, err := strconv.Atoi(strings.TrimSpace(string(line[:n]))); err != nil || unix.Kill(pid, 0) == nil {
			t.Errorf("%s: %s is left", sig, line[:n])
		}
	}
}

// TestCopyTree copies what tests need, with modes and times, and leaves out the rest.
func TestCopyTree(t *testing.T) {
	from, to := t.TempDir(), filepath.Join(t.TempDir(), "a", "b")
	for _, dir := range []string{"d", ".git", "sub/.hg"} {
		if err := os.MkdirAll(filepath.Join(from, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"d/f", ".git/config", "sub/.hg/x", "sub/.git", "tool"} {
		write(t, filepath.Join(from, name), name)
	}
	past := time.Unix(1e9, 5)
	err := errors.Join(os.Symlink("../d/f", filepath.Join(from, "sub", "link")), unix.Mkfifo(filepath.Join(from, "fifo"), 0o600),
		os.Chmod(filepath.Join(from, "tool"), 0o755), os.Chtimes(filepath.Join(from, "d", "f"), past, past), os.Chmod(filepath.Join(from, "d"), 0o500))
	if err != nil {
		t.Fatal(err)
	}
	if err := CopyTree(from, to); err != nil {
		t.Fatal(err)
	}
	stamp, err := StampOf(to)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for name := range stamp {
		rel, _ := filepath.Rel(to, name)
		names = append(names, rel)
	}
	if len(names) != 6 { // ., d, d/f, sub, sub/link, tool
		t.Errorf("%v", names)
	}
	tool, err := os.Stat(filepath.Join(to, "tool"))
	f, err2 := os.Stat(filepath.Join(to, "d", "f"))
	link, err3 := os.Readlink(filepath.Join(to, "sub", "link"))
	if err := errors.Join(err, err2, err3); err != nil || tool.Mode().Perm() != 0o755 || !f.ModTime().Equal(past) || link != "../d/f" {
		t.Errorf("%v: %s, %s, %s", err, tool.Mode(), f.ModTime(), link)
	}
	write(t, filepath.Join(to, "d", "new"), "") // a directory that its owner may not write to has become one for the tests
	if after, err := StampOf(to); err != nil || after.Equal(stamp) {
		t.Errorf("a file more is no change: %v", err)
	}
}
