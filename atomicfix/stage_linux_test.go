package atomicfix

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// spooling is a system on which no temporary can be made beside a target.
type spooling struct{ kernel }

func (spooling) create(*dir, string, string, fs.FileMode) (*file, error) {
	return nil, syscall.EACCES
}

// An editor is what *os.File and *File have in common.
type editor interface {
	io.Writer
	io.WriterAt
	io.ReaderAt
	io.Seeker
	io.ReaderFrom
	Truncate(size int64) error
	Stat() (fs.FileInfo, error)
}

// edit makes one call, and returns what a caller can see of it.
func edit(e editor, name string, call int, p []byte, off int64, whence int) string {
	var n int64
	var m int
	var err error
	switch call {
	case 0:
		m, err = e.Write(p)
	case 1:
		m, err = e.WriteAt(p, off)
	case 2:
		m, err = e.ReadAt(p, off)
	case 3:
		n, err = e.Seek(off, whence)
	case 4:
		err = e.Truncate(off)
	case 5:
		n, err = e.ReadFrom(strings.NewReader(string(p)))
	}
	info, serr := e.Stat()
	if serr != nil {
		return serr.Error()
	}
	seen := fmt.Sprint("call ", call, ": ", m, n, " size ", info.Size())
	var pe *fs.PathError
	switch {
	case errors.As(err, &pe):
		if pe.Path != name {
			return fmt.Sprintf("the error is about %s: %v", pe.Path, err)
		}
		return seen + " " + pe.Op + " " + pe.Err.Error()
	case err != nil:
		return seen + " " + err.Error()
	case call == 2:
		return seen + " " + string(p[:m])
	}
	return seen
}

// TestStageLikeOS makes the same calls of an *os.File, and of a File that is staged
// in a temporary, in memory, and in a scratch file.
func TestStageLikeOS(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Log("seed ", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	lengths := []int{0, 1, 7, 100}
	offsets := []int64{math.MinInt64, -101, -1, 0, 1, 5, 50, 1000, math.MaxInt64 - 1, math.MaxInt64}
	for round := range 300 {
		dir := t.TempDir()
		name := filepath.Join(dir, "f")
		put(t, name, oldText, 0o600)
		theirs, err := os.OpenFile(filepath.Join(dir, "theirs"), os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		editors := map[string]editor{}
		for what, sys := range map[string]system{"temporary": kernel{}, "memory": spooling{}, "scratch": spooling{}} {
			f, err := newFS(sys, nil).Create(name)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			editors[what] = f
			if what == "scratch" {
				long := strings.Repeat("x", spoolMemory+1)
				if err := errorsOf(second(f.WriteAt([]byte(long), 0)), f.Truncate(0)); err != nil {
					t.Fatal(err)
				}
			}
		}
		for range 8 {
			call, off, whence := random.IntN(6), offsets[random.IntN(len(offsets))], random.IntN(3)
			content := strings.Repeat(string(rune('a'+random.IntN(26))), lengths[random.IntN(len(lengths))])
			if call == 3 && (off > 1000 || whence != io.SeekStart && off < -1) || call == 4 && off > 1000 {
				continue // each file system has its own limits
			}
			if call == 1 && off == math.MaxInt64-1 {
				continue // as before
			}
			if call == 3 && random.IntN(4) == 0 {
				whence = 17
			}
			want := edit(theirs, theirs.Name(), call, []byte(content), off, whence)
			for what, e := range editors {
				if got := edit(e, name, call, []byte(content), off, whence); got != want {
					t.Errorf("round %d, %s, %d bytes at %d, whence %d:\n  os  %s\n ours %s", round, what, len(content), off, whence, want, got)
				}
			}
		}
		theirs.Close()
		if t.Failed() {
			return
		}
	}
}

// TestStageEdges makes calls that change nothing: none of them blocks Commit.
func TestStageEdges(t *testing.T) {
	for what, sys := range map[string]system{"temporary": kernel{}, "memory": spooling{}} {
		name := filepath.Join(t.TempDir(), "f")
		put(t, name, oldText, 0o600)
		f, err := newFS(sys, nil).Create(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		var e *fs.PathError
		if _, err := f.ReadAt(make([]byte, 1), -1); !errors.As(err, &e) || e.Op != "readat" || e.Path != name {
			t.Errorf("%s: ReadAt(-1): %v", what, err)
		}
		if err := errorsOf(
			second(f.WriteAt(nil, math.MaxInt64)),
			second(f.Seek(100, io.SeekStart)),
			second(f.Write(nil)),
			second(f.Seek(0, io.SeekStart)),
			second(f.WriteString(newText)),
		); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if err := f.Commit(); err != nil {
			t.Errorf("%s: Commit: %v", what, err)
		}
		wantContent(t, name, newText)
	}
}

// TestStageOverflow writes where no file can have content.
func TestStageOverflow(t *testing.T) {
	for what, sys := range map[string]system{"temporary": kernel{}, "memory": spooling{}} {
		for _, off := range []int64{math.MaxInt64, math.MaxInt64 - 2, math.MinInt64, -1} {
			name := filepath.Join(t.TempDir(), "f")
			put(t, name, oldText, 0o600)
			f, err := newFS(sys, nil).Create(name)
			if err != nil {
				t.Fatal(err)
			}
			var e *fs.PathError
			if _, err := f.WriteAt([]byte("abc"), off); !errors.As(err, &e) || e.Path != name {
				t.Errorf("%s at %d: %v", what, off, err)
			} else if want := map[bool]string{true: "writeat", false: "write"}[off < 0]; e.Op != want {
				t.Errorf("%s at %d: the operation is %s, not %s", what, off, e.Op, want)
			}
			if err := f.Commit(); err == nil {
				t.Errorf("%s at %d: committed", what, off)
			}
			f.Close()
			wantContent(t, name, oldText)
		}
	}
}

// TestStageShared uses one File from several goroutines: for go test -race.
func TestStageShared(t *testing.T) {
	for what, sys := range map[string]system{"temporary": kernel{}, "memory": spooling{}} {
		for round := range 20 {
			name := filepath.Join(t.TempDir(), "f")
			put(t, name, oldText, 0o600)
			f, err := newFS(sys, []Option{NoSync()}).Create(name)
			if err != nil {
				t.Fatal(err)
			}
			piece := strings.Repeat("w", spoolMemory/4)
			var wg sync.WaitGroup
			for _, use := range []func() error{
				func() error { return second(f.WriteString(piece)) },
				func() error { return second(f.WriteAt([]byte(piece), 10)) },
				func() error { return second(f.ReadFrom(strings.NewReader(piece))) },
				func() error { return f.Truncate(spoolMemory / 2) },
				func() error { return second(f.Seek(0, io.SeekCurrent)) },
				func() error {
					if _, err := f.ReadAt(make([]byte, 100), 5); err != io.EOF {
						return err
					}
					return nil
				},
				func() error { return second(f.Stat()) },
				func() error { return f.Chmod(0o600) },
				func() error { f.Name(); return nil },
			} {
				wg.Go(func() {
					for range 10 {
						if err := use(); err != nil && !errors.Is(err, fs.ErrClosed) {
							t.Errorf("%s: %v", what, err)
						}
					}
				})
			}
			end := f.Close
			if round%2 == 0 {
				end = f.Commit
			}
			wg.Go(func() {
				time.Sleep(time.Duration(round) * time.Millisecond / 4)
				if err := end(); err != nil && !errors.Is(err, ErrNotCommitted) {
					t.Errorf("%s: %v", what, err)
				}
			})
			wg.Wait()
			f.Close()
		}
	}
}

// TestSpoolClosed closes a File while ReadFrom reads: it ends with the next piece,
// and makes no scratch file that would never be removed.
func TestSpoolClosed(t *testing.T) {
	for _, before := range []int{10, spoolMemory + 10} { // in memory, or in a scratch file
		name := filepath.Join(t.TempDir(), "f")
		put(t, name, oldText, 0o600)
		p := newProbe(spooling{})
		f, err := p.fs().Create(name)
		if err != nil {
			t.Fatal(err)
		}
		r, w := io.Pipe()
		done := make(chan error, 1)
		go func() { done <- second(f.ReadFrom(r)) }()
		if _, err := w.Write(make([]byte, before)); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); !errors.Is(err, ErrNotCommitted) {
			t.Errorf("Close: %v", err)
		}
		go func() {
			for range 2 {
				w.Write(make([]byte, spoolMemory+1))
			}
			w.Close()
		}()
		var e *fs.PathError
		if err := <-done; !errors.Is(err, fs.ErrClosed) || !errors.As(err, &e) || e.Path != name {
			t.Errorf("ReadFrom after %d bytes: %v", before, err)
		}
		r.Close()
		wantClosed(t, p)
		wantContent(t, name, oldText)
	}
}
