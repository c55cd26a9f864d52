package atomicfix

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// A trap is a directory in which another user puts links to a victim in the place
// of whatever is there: the file, the temporary, the lock.
type trap struct {
	name   string
	opts   []Option
	root   bool // needs it
	absent bool
	stream bool
	set    func(t *testing.T, dir string)
}

func traps() []trap {
	noFollow := []Option{NoFollow()}
	fifo := func(t *testing.T, dir string) { mkfifo(t, filepath.Join(dir, "f")) }
	sticky := func(t *testing.T, dir string) {
		if err := os.Chmod(dir, 0o777|fs.ModeSticky); err != nil {
			t.Fatal(err)
		}
	}
	strangers := func(t *testing.T, dir string) {
		sticky(t, dir)
		lchown(t, stranger, filepath.Join(dir, "f"))
	}
	return []trap{
		{name: "NoFollow, a file", opts: noFollow, set: withOld(0o640)},
		{name: "NoFollow, none", opts: noFollow, absent: true, set: func(*testing.T, string) {}},
		{name: "NoFollow, a FIFO", opts: noFollow, stream: true, set: fifo},
		{name: "like /tmp, a stranger's file", root: true, set: func(t *testing.T, dir string) {
			withOld(0o666)(t, dir)
			strangers(t, dir)
		}},
		{name: "like /tmp, a stranger's FIFO", root: true, stream: true, set: func(t *testing.T, dir string) {
			fifo(t, dir)
			strangers(t, dir)
		}},
		{name: "like /tmp, none", root: true, absent: true, set: sticky},
	}
}

// spring replaces everything in dir by links to the victim, which are a stranger's.
func spring(t *testing.T, dir, victim string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"f"}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), tempPrefix) {
			names = append(names, e.Name())
		}
	}
	for _, name := range names {
		name = filepath.Join(dir, name)
		os.Remove(name)
		symlink(t, victim, name)
		if os.Getuid() == 0 {
			lchown(t, stranger, name)
		}
	}
}

// TestSwaps stops every function before each of its operations, and has a link to
// another file take the place of whatever is there. That file stays as it is.
func TestSwaps(t *testing.T) {
	runs := 0
	for _, v := range verbs() {
		for _, s := range traps() {
			if s.root && os.Getuid() != 0 || s.stream && !v.streams || s.absent && v.needs == anOld || !s.absent && v.needs == anAbsent {
				continue
			}
			for at := 0; ; at++ {
				runs++
				if !swapped(t, v, s, at) {
					break
				}
			}
		}
	}
	t.Logf("%d calls", runs)
}

// swapped springs the trap before operation at, if there are so many.
func swapped(t *testing.T, v verb, s trap, at int) (sprung bool) {
	dir, victim := t.TempDir(), filepath.Join(t.TempDir(), "victim")
	put(t, victim, oldText, 0o640)
	s.set(t, dir)
	if v.lay != nil {
		if err := v.lay(dir); err != nil {
			t.Fatal(err)
		}
	}
	var before, after unix.Stat_t
	if err := unix.Stat(victim, &before); err != nil {
		t.Fatal(err)
	}
	p := newProbe(unsynced{})
	p.fault = func(n int, op string) any {
		if n == at {
			sprung = true
			spring(t, dir, victim)
		}
		if err, ok := v.always[op]; ok {
			return err
		}
		return nil
	}
	v.run(p.fs(s.opts...), filepath.Join(dir, "f")) // which may fail
	if err := unix.Stat(victim, &after); err != nil {
		t.Fatal(err)
	}
	if after.Ctim != before.Ctim || text(victim) != oldText {
		t.Errorf("%s, %s: the victim was touched before operation %d of %q: %q, mode %o, owner %d", v.name, s.name, at, p.calls, text(victim), after.Mode, after.Uid)
	}
	return sprung
}
