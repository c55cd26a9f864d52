package atomicfix

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// page is content that shows when it is torn: one byte, repeated, of a length
// that follows from it.
func page(b byte) []byte { return bytes.Repeat([]byte{b}, 1000*(1+int(b%16))) }

// whole reports whether data is one page.
func whole(data []byte) bool { return len(data) > 0 && bytes.Equal(data, page(data[0])) }

func init() {
	// write FILE replaces FILE until it is killed.
	children["write"] = func(args []string) error {
		for b := byte(0); ; b++ {
			if err := With(NoSync()).WriteFile(args[0], page(b), 0o644); err != nil {
				return err
			}
		}
	}
	// count FILE N adds one to the number in FILE, N times.
	children["count"] = func(args []string) error {
		n, err := strconv.Atoi(args[1])
		if err != nil {
			return err
		}
		return count(args[0], n)
	}
	// hold FILE takes the lock of FILE, says so, and keeps it.
	children["hold"] = func(args []string) error {
		return Update(args[0], 0o644, func([]byte) ([]byte, error) {
			fmt.Println("held")
			time.Sleep(time.Hour)
			return nil, errors.New("nobody killed me")
		})
	}
	// exclusive DIR N tries to be first at each of N files.
	children["exclusive"] = func(args []string) error {
		n, err := strconv.Atoi(args[1])
		if err != nil {
			return err
		}
		me := fmt.Sprint(os.Getpid())
		for i := range n {
			err := With(NoSync()).WriteFileExcl(filepath.Join(args[0], fmt.Sprint(i)), []byte(me), 0o644)
			switch {
			case err == nil:
				fmt.Println(i)
			case !errors.Is(err, fs.ErrExist):
				return err
			}
		}
		return nil
	}
}

func count(name string, n int) error {
	for range n {
		err := With(NoSync()).Update(name, 0o644, func(old []byte) ([]byte, error) {
			i := 0
			if old != nil {
				var err error
				if i, err = strconv.Atoi(string(old)); err != nil {
					return nil, err
				}
			}
			return []byte(strconv.Itoa(i + 1)), nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// readWhole reads name again and again until stop, and returns how often.
func readWhole(t *testing.T, name string, stop *atomic.Bool) (reads int) {
	for !stop.Load() {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Error(err)
			return reads
		}
		if !whole(data) {
			t.Errorf("torn after %d reads: %d bytes", reads, len(data))
			return reads
		}
		reads++
	}
	return reads
}

// TestReaders has processes and goroutines replace a file, by its name and by a
// link, while others read it.
func TestReaders(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "f")
	put(t, name, string(page(0)), 0o644)
	alias := name
	if os.Symlink("f", filepath.Join(dir, "link")) == nil {
		alias = filepath.Join(dir, "link")
	}
	var stop atomic.Bool
	var reads, writes atomic.Int64
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() { reads.Add(int64(readWhole(t, name, &stop))) })
	}
	for i := range 2 {
		wg.Go(func() {
			for b := byte(i); !stop.Load(); b += 2 {
				if err := With(NoSync()).WriteFile(alias, page(b), 0o644); err != nil {
					t.Error(err)
					return
				}
				writes.Add(1)
			}
		})
	}
	for _, target := range []string{name, alias} {
		cmd := child(t, "write", target)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		defer cmd.Wait()
		defer cmd.Process.Kill()
	}
	time.Sleep(during())
	stop.Store(true)
	wg.Wait()
	t.Logf("%d reads, %d writes in this process", reads.Load(), writes.Load())
	if reads.Load() < 10 || writes.Load() < 10 {
		t.Errorf("too little happened: %d reads, %d writes", reads.Load(), writes.Load())
	}
}

// TestReadersCatch shows that TestReaders would notice os.WriteFile.
func TestReadersCatch(t *testing.T) {
	name := filepath.Join(t.TempDir(), "f")
	put(t, name, string(page(0)), 0o644)
	var stop atomic.Bool
	var wg sync.WaitGroup
	wg.Go(func() {
		for b := byte(0); !stop.Load(); b++ {
			os.WriteFile(name, page(b), 0o644)
		}
	})
	defer wg.Wait()
	defer stop.Store(true)
	for start := time.Now(); time.Since(start) < time.Minute; {
		if data, err := os.ReadFile(name); err == nil && !whole(data) {
			return
		}
	}
	t.Error("os.WriteFile was never seen half done")
}

// TestKill kills writers at random moments.
func TestKill(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "f")
	put(t, name, string(page(0)), 0o644)
	kills := 0
	for start := time.Now(); time.Since(start) < 2*during(); kills++ {
		cmd := child(t, "write", name)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5*time.Millisecond + rand.N(20*time.Millisecond))
		cmd.Process.Kill()
		cmd.Wait()
		data, err := os.ReadFile(name)
		if err != nil || !whole(data) {
			t.Fatalf("after kill %d: %d bytes, %v", kills, len(data), err)
		}
	}
	// What killed writers left is hidden, ours by its name, and in no other process's way.
	t.Logf("%d kills left %d temporaries", kills, len(temporaries(t, dir)))
	if err := WriteFile(name, page(1), 0o644); err != nil {
		t.Error(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != "f" && (!strings.HasPrefix(e.Name(), tempPrefix) || !strings.HasSuffix(e.Name(), tempSuffix)) {
			t.Errorf("left %s", e.Name())
		}
	}
}

// TestUpdateCounter counts in several processes and goroutines, by the name, by
// a link, and from a root.
func TestUpdateCounter(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "n")
	aliases := []string{name}
	if os.Symlink("n", filepath.Join(dir, "link")) == nil {
		aliases = append(aliases, filepath.Join(dir, "link"))
	}
	const each, processes, goroutines = 100, 4, 4
	var wg sync.WaitGroup
	for i := range processes {
		cmd := child(t, "count", aliases[i%len(aliases)], fmt.Sprint(each))
		wg.Go(func() {
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	for i := range goroutines {
		wg.Go(func() {
			if err := count(aliases[i%len(aliases)], each); err != nil {
				t.Error(err)
			}
		})
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	for range each {
		err := In(root, NoSync()).Update("n", 0o644, func(old []byte) ([]byte, error) {
			n, _ := strconv.Atoi(string(old))
			return []byte(strconv.Itoa(n + 1)), nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	wg.Wait()
	if got, want := text(name), fmt.Sprint(each*(processes+goroutines+1)); got != want {
		t.Errorf("counted %s of %s", got, want)
	}
}

// TestUpdateKilled kills a process that holds the lock: it must become free.
func TestUpdateKilled(t *testing.T) {
	name := filepath.Join(t.TempDir(), "n")
	put(t, name, "41", 0o644)
	cmd := child(t, "hold", name)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	if _, err := io.ReadFull(out, make([]byte, len("held"))); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	err = UpdateContext(ctx, name, 0o644, func([]byte) ([]byte, error) { return []byte("stolen"), nil })
	if !errors.Is(err, context.DeadlineExceeded) || text(name) != "41" {
		t.Errorf("while another process holds the lock: %v, content %s", err, text(name))
	}
	cmd.Process.Kill()
	cmd.Wait()
	if err := count(name, 1); err != nil || text(name) != "42" {
		t.Errorf("after its death: %v, content %s", err, text(name))
	}
}

// TestExclusiveWinner lets many create the same files.
func TestExclusiveWinner(t *testing.T) {
	dir := t.TempDir()
	const processes, goroutines, files = 4, 4, 100
	winners := make([]atomic.Int64, files)
	var wg sync.WaitGroup
	for range processes {
		cmd := child(t, "exclusive", dir, fmt.Sprint(files))
		wg.Go(func() {
			out, err := cmd.Output()
			if err != nil {
				t.Error(err)
			}
			for _, line := range strings.Fields(string(out)) {
				i, _ := strconv.Atoi(line)
				winners[i].Add(1)
			}
		})
	}
	for range goroutines {
		wg.Go(func() {
			for i := range files {
				err := With(NoSync()).WriteFileExcl(filepath.Join(dir, fmt.Sprint(i)), []byte(fmt.Sprint(os.Getpid())), 0o644)
				if err == nil {
					winners[i].Add(1)
				} else if !errors.Is(err, fs.ErrExist) {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for i := range winners {
		if n := winners[i].Load(); n != 1 {
			t.Errorf("file %d has %d winners", i, n)
		}
		if text(filepath.Join(dir, fmt.Sprint(i))) == "" {
			t.Errorf("file %d is empty", i)
		}
	}
}
