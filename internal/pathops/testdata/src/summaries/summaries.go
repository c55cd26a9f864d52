// Package summaries has functions that others see through.
package summaries

import (
	"errors"
	"fmt"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"sync"
	"time"
)

func Stat(path string) error { // want Stat:`^checks\(0\)$`
	_, err := os.Stat(path)
	return err
}

func Second(_ int, path string) bool { // want Second:`^checks\(1\)$`
	return Stat(path) == nil
}

func Joined(dir, name string) ([]byte, error) { // want Joined:`^opens\(filepath.Join\(0, 1\)\)$`
	return os.ReadFile(filepath.Join(dir, name))
}

func Suffixed(path string) error { // want Suffixed:`^creates\(0\+".lock"\)$`
	return os.WriteFile(path+".lock", nil, 0o600)
}

func Move(from, to string) error { // want Move:`^moves\(0\) replaces\(1\)$`
	return os.Rename(from, to)
}

func Flags(path string) error { // want Flags:`^createsExclusively\(0\) createsOrKeeps\(0\) creates\(0\) writes\(0\) opens\(0\)$`
	os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	os.OpenFile(path, os.O_WRONLY, 0)
	_, err := os.OpenFile(path, os.O_RDONLY, 0)
	return err
}

func UnknownFlags(path string, flags int) error { // want UnknownFlags:`^opensByFlags\(0 by 1\)$`
	_, err := os.OpenFile(path, flags, 0o600)
	return err
}

func MoreFlags(path string, flags int) error { // want MoreFlags:`^opensByFlags\(0 by 1\)$`
	return UnknownFlags(path, flags|os.O_CREATE)
}

func KnownFlags(path string) error { // want KnownFlags:`^creates\(0\) createsExclusively\(0\)$`
	if err := MoreFlags(path, os.O_WRONLY|os.O_TRUNC); err != nil {
		return err
	}
	return MoreFlags(path, os.O_WRONLY|os.O_EXCL)
}

func Opened(path string) (*os.File, error) { // want Opened:`^opens\(0\)$`
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	return f, nil
}

func Derived(dir string) string { // want Derived:`^result0\(filepath.Join\(0, "a"\)\)$`
	return filepath.Join(dir, "a")
}

func DerivedOrError(dir string) (string, error) { // want DerivedOrError:`^result0\(filepath.Join\(0, "b"\)\)$`
	if dir == "" {
		return "", errors.New("no directory")
	}
	return filepath.Join(dir, "b"), nil
}

func Chosen(dir string, second bool) string { // want Chosen:`^result0\(summaries.Chosen#0\(filepath.Join\(0, "2"\), filepath.Join\(0, "1"\), 1\)\)$`
	if second {
		return filepath.Join(dir, "2")
	}
	return filepath.Join(dir, "1")
}

func Ambiguous(dir string) string { // want Ambiguous:`^checks\(filepath.Join\(0, "second"\)\)$`
	first := filepath.Join(dir, "1")
	if _, err := os.Stat(filepath.Join(dir, "second")); err != nil { // by the file system
		return first
	}
	return filepath.Join(dir, "2")
}

func Notice(path string, text []byte) error { // want Notice:`creates\(0\)`
	if path == "" {
		return nil
	}
	return os.WriteFile(path, text, 0o644)
}

// Fields.

type Store struct {
	dir  string
	Path string
	mu   sync.Mutex
}

func New(path string) *Store { return &Store{Path: path} } // want New:`^result0.Path\(0\)$`

func (s *Store) Exists() bool { // want Exists:`^checks\(0.Path\)$`
	_, err := os.Stat(s.Path)
	return err == nil
}

func (s *Store) Save() error { // want Save:`^creates\(0.Path\)$`
	s.mu.Lock()
	defer s.mu.Unlock()
	return os.WriteFile(s.Path, nil, 0o600)
}

func (s *Store) file(name string) string { return filepath.Join(s.dir, name) } // which no other package can call

func (s *Store) Read(name string) ([]byte, error) { // want Read:`^opens\(filepath.Join\(0.dir, 1\)\)$`
	return os.ReadFile(s.file(name))
}

func (s *Store) SetPath(path string) error { // want SetPath:`^checks\(1\)$`
	s.Path = path
	return Stat(s.Path)
}

// Package-level variables.

var base = "/var/lib/summaries"

func Base() ([]os.DirEntry, error) { // want Base:`^lists\(summaries.base\)$`
	return os.ReadDir(base)
}

// Type parameters.

func Generic[P ~string](path P) bool { // want Generic:`^checks\(0\)$`
	_, err := os.Stat(string(path))
	return err == nil
}

// Ends.

func Die(msg string) { // want Die:`^noReturn$`
	log.Print(msg)
	os.Exit(1)
}

func DieAgain() { // want DieAgain:`^noReturn$`
	Die("again")
}

func Panics() { panic("always") } // want Panics:`^noReturn$`

func Forever() { // want Forever:`^noReturn$`
	select {}
}

func Usage(ok bool) { // nope: it may return
	if !ok {
		os.Exit(2)
	}
}

func Check(err error) { // want Check:`^failsOn\(0\)$`
	if err != nil {
		log.Fatal(err)
	}
}

func CheckAbout(what string, err error) { // want CheckAbout:`^failsOn\(1\)$`
	if err == nil {
		return
	}
	Die(what)
}

func CheckKind(err error) { // nope: it may return for an error
	if errors.Is(err, fs.ErrPermission) {
		log.Fatal(err)
	}
}

func Must[T any](v T, err error) T { // want Must:`failsOn\(1\)`
	if err != nil {
		panic(err)
	}
	return v
}

func Wrap(err error, what string) error { // want Wrap:`^wraps\(0\)$`
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}

func Always(err error) error { // nope: an error without one, too
	return fmt.Errorf("always: %w", err)
}

// Size touches no path.
func Size(s *Store) int { return len(s.Path) }

// Keeper has one implementation that reaches the operating system, and what that does
// is what its method does.
type Keeper interface {
	Drop(key string) error // want Drop:`^removes\(0.dir\+1\)$`
}

type disk struct{ dir string }

func (d disk) Drop(key string) error { return os.Remove(d.dir + key) } // want Drop:`^removes\(0.dir\+1\)$`

type memory map[string][]byte

func (m memory) Drop(key string) error {
	delete(m, key)
	return nil
}

// Results.

func Free(dir string) string { // want Free:`^checks\(result0\)$`
	for i := 0; ; i++ {
		path := filepath.Join(dir, fmt.Sprint(i))
		if Stat(path) != nil {
			return path
		}
	}
}

func FirstOf(names []string) (*os.File, string, error) { // want FirstOf:`^opens\(result1\)$`
	for _, name := range names {
		if f, err := os.Open(name); err == nil {
			return f, name, nil
		}
	}
	return nil, "", errors.New("none")
}

func Either(names []string) string { // nope: it may be a name that was not looked for
	for _, name := range names {
		if Stat(name) == nil {
			return name
		}
	}
	return fmt.Sprint(len(names))
}

type Found struct {
	file *os.File
	path string
}

func FoundIn(dir string) (*Found, error) { // want FoundIn:`^opens\(filepath.Join\(0, "a"\)\) result0.path\(filepath.Join\(0, "a"\)\)$`
	path := filepath.Join(dir, "a")
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return &Found{f, path}, nil
}

// Answers.

func Changed(path string) (time.Time, error) { // want Changed:`^checks\(0\)=modTime\(0\)$`
	fi, err := os.Stat(path)
	if err != nil {
		return time.Time{}, err
	}
	return fi.ModTime(), nil
}

func Stamp(path string) int64 { // want Stamp:`^checks\(0\)=modTime\(0\)$`
	at, err := Changed(path)
	if err != nil {
		return 0
	}
	return at.UnixNano()
}

func IsLink(path string) bool { // want IsLink:`^checks\(0\)=type\(0\) vets\(0\)$`
	fi, err := os.Lstat(path)
	return err == nil && fi.Mode()&fs.ModeSymlink != 0
}

func Private(path string) (bool, error) { // want Private:`^checks\(0\)=mode\(0\) vets\(0\)$`
	fi, err := os.Stat(path)
	if err != nil {
		return false, err
	}
	return fi.Mode().Perm()&0o077 == 0, nil
}

func There(path string) (bool, error) { // want There:`^checks\(0\)$`
	fi, err := os.Stat(path)
	return fi != nil, err
}
