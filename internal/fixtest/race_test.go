package fixtest

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// A disturbed program is one with interference between two of its
// operations, where it calls interfere.
type disturbed struct {
	kind      string // and the shape
	body      string // of func(path string) string, which says what it saw
	there     bool   // the file is there at first
	interfere string // statements, on the path
	before    string // what the first program says and leaves
	after     string // what the fixed one does
}

var races = []disturbed{
	{
		kind: "statopen",
		body: `	if _, err := os.Stat(path); os.IsNotExist(err) {
		return "default", nil
	}
	interfere()
	data, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	return string(data), nil
`,
		there:     true,
		interfere: `os.Remove(path)`,
		before:    `"", not exist; ""`,
		after:     `"default", ok; ""`,
	},
	{
		kind: "existscreate",
		body: `	if _, err := os.Stat(path); err == nil {
		return "old", nil
	}
	interfere()
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		return "", err
	}
	return "made", nil
`,
		interfere: `os.WriteFile(path, []byte("theirs"), 0o600)`,
		before:    `"made", ok; "mine"`,
		after:     `"old", ok; "theirs"`,
	},
	{
		kind: "writechmod",
		body: `	if err := os.WriteFile(path, []byte("secret"), 0o644); err != nil {
		return "", err
	}
	interfere()
	if err := os.Chmod(path, 0o600); err != nil {
		return "", err
	}
	return seen, nil
`,
		interfere: `if info, err := os.Stat(path); err == nil { seen = info.Mode().String() }`,
		before:    `"-rw-r--r--", ok; "secret"`,
		after:     `"-rw-------", ok; "secret"`,
	},
	{
		kind: "tornwrite",
		body: `	c := configKIND{path}
	err := c.saveConfig()
	return seen, err
}

type configKIND struct{ configPath string }

func (c configKIND) loadConfig(v any) error {
	data, err := os.ReadFile(c.configPath)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, v)
}

func (c configKIND) saveConfig() error {
	f, err := os.Create(c.configPath)
	if err != nil {
		return err
	}
	defer f.Close()
	interfere()
	_, err = f.WriteString("new")
	return err
`,
		there:     true,
		interfere: `data, _ := os.ReadFile(path); seen = string(data)`,
		before:    `"", ok; "new"`,
		after:     `"old", ok; "new"`,
	},
	{
		kind: "pathreuse",
		body: `	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	interfere()
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	data := make([]byte, info.Size())
	n, _ := f.Read(data)
	return fmt.Sprint(n, " of ", len(data)), nil
`,
		there:     true,
		interfere: `os.WriteFile(path+"2", []byte("a longer one"), 0o600); os.Rename(path+"2", path)`,
		before:    `"3 of 12", ok; "a longer one"`,
		after:     `"3 of 3", ok; "a longer one"`,
	},
	{
		kind: "statopenReturned",
		body: `	if _, err := os.Stat(path); os.IsNotExist(err) {
		return "default", nil
	}
	interfere()
	return readKIND(path)
}

func readKIND(path string) (string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("reading: %w", err)
	}
	return string(data), nil
`,
		there:     true,
		interfere: `os.Remove(path)`,
		before:    `"", not exist; ""`,
		after:     `"default", ok; ""`,
	},
	{
		kind: "statopenSize",
		body: `	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	interfere()
	if info.Size() > 5 {
		return "", errors.New("too big")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	return string(data), nil
`,
		there:     true,
		interfere: `os.WriteFile(path+"2", []byte("a longer one"), 0o600); os.Rename(path+"2", path)`,
		before:    `"a longer one", ok; "a longer one"`,
		after:     `"", too big; "a longer one"`,
	},
	{
		kind: "statopenMode",
		body: `	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	interfere()
	if info.Mode().Perm()&0o022 != 0 {
		return "", errors.New("anybody may have written it")
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	return string(data), err
`,
		there:     true,
		interfere: `os.WriteFile(path+"2", []byte("theirs"), 0o600); os.Chmod(path+"2", 0o666); os.Rename(path+"2", path)`,
		before:    `"theirs", ok; "theirs"`,
		after:     `"", anybody may have written it; "theirs"`,
	},
	{
		kind: "existscreateStaged",
		body: `	if _, err := os.Stat(path); err == nil {
		return "old", nil
	}
	f, err := os.Create(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	interfere()
	if _, err := f.WriteString("mine"); err != nil {
		return "", err
	}
	return "made", nil
`,
		interfere: `data, err := os.ReadFile(path); seen = fmt.Sprint(string(data), err != nil); os.WriteFile(path, []byte("theirs, longer"), 0o600)`,
		before:    `"made", ok; "miners, longer"`,
		after:     `"old", ok; "theirs, longer"`,
	},
	{
		kind: "existscreateWithin",
		body: `	if _, err := os.Stat(path); err == nil {
		return "old", nil
	}
	return makeKIND(path)
}

func makeKIND(path string) (string, error) {
	interfere()
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		return "", err
	}
	return "made", nil
`,
		interfere: `os.WriteFile(path, []byte("theirs"), 0o600)`,
		before:    `"made", ok; "mine"`,
		after:     `"old", ok; "theirs"`,
	},
	{
		kind: "existscreateLock",
		body: `	if existsKIND(path) {
		if !expiredKIND(path) {
			return "", errors.New("it is held")
		}
		seen = "expired"
	}
	interfere()
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		return "", err
	}
	return "held", nil
}

func existsKIND(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func expiredKIND(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Size() == 0
`,
		interfere: `os.WriteFile(path, []byte("theirs"), 0o600)`,
		before:    `"held", ok; "mine"`,
		after:     `"", it is held; "theirs"`,
	},
	{
		kind: "existscreateMkdir",
		body: `	if _, err := os.Stat(path); os.IsNotExist(err) {
		interfere()
		if err := os.Mkdir(path, 0o700); err != nil {
			return "", err
		}
	}
	return "there", nil
`,
		interfere: `os.Mkdir(path, 0o700)`,
		before:    `"", exist; ""`,
		after:     `"there", ok; ""`,
	},
	{
		kind: "checkact",
		body: `	if _, err := os.Stat(path); os.IsNotExist(err) {
		return "none", nil
	}
	interfere()
	return "removed", os.Remove(path)
`,
		there:     true,
		interfere: `os.Remove(path)`,
		before:    `"removed", not exist; ""`,
		after:     `"removed", ok; ""`,
	},
	{
		kind: "writechmodLike",
		body: `	info, err := os.Stat(".")
	if err != nil {
		return "", err
	}
	f, err := os.Create(path)
	if err != nil {
		return "", err
	}
	interfere()
	if err := f.Close(); err != nil {
		return "", err
	}
	if err := os.Chmod(path, info.Mode()&0o600); err != nil {
		return "", err
	}
	return seen, nil
`,
		interfere: `if info, err := os.Stat(path); err == nil { seen = fmt.Sprint(info.Mode()&0o077 == 0) }`,
		before:    `"false", ok; ""`,
		after:     `"true", ok; ""`,
	},
	{
		kind: "tornwriteHanded",
		body: `	configKIND{path}.saveConfig()
	return seen, nil
}

type configKIND struct{ configPath string }

func (c configKIND) loadConfig(v any) error {
	data, err := os.ReadFile(c.configPath)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, v)
}

func noteKIND(err error) {
	if err != nil {
		fmt.Println(err)
	}
}

func (c configKIND) saveConfig() {
	f, err := os.Create(c.configPath)
	noteKIND(err)
	interfere()
	noteKIND(json.NewEncoder(f).Encode("new"))
	noteKIND(f.Close())
`,
		there:     true,
		interfere: `data, _ := os.ReadFile(path); seen = string(data)`,
		before:    `"", ok; "\"new\"\n"`,
		after:     `"old", ok; "\"new\"\n"`,
	},
	{
		// Nothing can come between the two that directly follow each other
		// but another thread: it looks until it sees what it should not.
		kind: "writechmodRename",
		body: `	interfere()
	defer over.Store(true)
	for i := 0; i < 3000 && !over.Load(); i++ {
		if err := installKIND(path); err != nil {
			return "", err
		}
	}
	return fmt.Sprint("seen with another mode: ", over.Load()), nil
}

func installKIND(path string) error {
	f, err := os.CreateTemp(".", "new")
	if err != nil {
		return err
	}
	f.WriteString("new")
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return os.Chmod(path, 0o640)
`,
		interfere: `go func() {
	for !over.Load() {
		if info, err := os.Stat(path); err == nil && info.Mode().Perm() == 0o600 {
			over.Store(true)
		}
	}
}()`,
		before: `"seen with another mode: true", ok; "new"`,
		after:  `"seen with another mode: false", ok; "new"`,
	},
	{
		kind: "statopenAboveVar",
		body: `	if !existsKIND(path) {
		return "default", nil
	}
	var first, rest string
	data, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	first, rest, _ = strings.Cut(string(data), " ")
	return first + rest, nil
}

func existsKIND(path string) bool {
	_, err := os.Stat(path)
	interfere()
	return err == nil
`,
		there:     true,
		interfere: `os.Remove(path)`,
		before:    `"", not exist; ""`,
		after:     `"default", ok; ""`,
	},
	{
		kind: "existscreateInterface",
		body: `	return makeKIND(osKIND{}, path)
}

type filesKIND interface {
	Stat(name string) (os.FileInfo, error)
	Mkdir(name string, perm os.FileMode) error
	Remove(name string) error
}

type osKIND struct{}

func (osKIND) Remove(name string) error                  { return os.Remove(name) }

func (osKIND) Stat(name string) (os.FileInfo, error)     { return os.Stat(name) }
func (osKIND) Mkdir(name string, perm os.FileMode) error { return os.Mkdir(name, perm) }

func makeKIND(files filesKIND, path string) (string, error) {
	if _, err := files.Stat(path); err == nil {
		return "old", nil
	}
	interfere()
	if err := files.Mkdir(path, 0o700); err != nil {
		return "", err
	}
	return "made", nil
`,
		interfere: `os.Mkdir(path, 0o700)`,
		before:    `"", exist; ""`,
		after:     `"old", ok; ""`,
	},
	{
		// Who makes the empty file has the claim.
		kind: "existscreateClaim",
		body: `	if _, err := os.Stat(path); err == nil {
		return "", errors.New("it is taken")
	}
	interfere()
	f, err := os.Create(path)
	if err != nil {
		return "", fmt.Errorf("claiming: %w", err)
	}
	return "mine", f.Close()
`,
		interfere: `os.WriteFile(path, nil, 0o600)`,
		before:    `"mine", ok; ""`,
		after:     `"", it is taken; ""`,
	},
	{
		kind: "existscreateRefused",
		body: `	if _, err := os.Stat(path); err == nil {
		return "", errors.New("it is there")
	}
	interfere()
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		return "", fmt.Errorf("writing: %w", err)
	}
	return "made", nil
`,
		interfere: `os.WriteFile(path, []byte("theirs"), 0o600)`,
		before:    `"made", ok; "mine"`,
		after:     `"", it is there; "theirs"`,
	},
	{
		kind: "existscreateBeside",
		body: `	if _, err := os.Stat(path); os.IsNotExist(err) {
		interfere()
		return "made", os.WriteFile(path, []byte("mine"), 0o600)
	}
	return "old", nil
`,
		interfere: `os.WriteFile(path, []byte("theirs"), 0o600)`,
		before:    `"made", ok; "mine"`,
		after:     `"old", ok; "theirs"`,
	},
	{
		kind: "existscreateMkdirReturned",
		body: `	if _, err := os.Stat(path); os.IsNotExist(err) {
		interfere()
		return "made", os.Mkdir(path, 0o700)
	}
	return "old", nil
`,
		interfere: `os.Mkdir(path, 0o700)`,
		before:    `"made", exist; ""`,
		after:     `"old", ok; ""`,
	},
	{
		kind: "existscreateCleared",
		body: `	ok, err := existsKIND(path)
	if !ok && err == nil {
		interfere()
		err = os.Mkdir(path, 0o700)
	}
	if err != nil {
		return "", err
	}
	return "there", nil
}

func existsKIND(path string) (bool, error) {
	_, err := os.Stat(path)
	if err == nil {
		return true, nil
	}
	if os.IsNotExist(err) {
		return false, nil
	}
	return false, err
`,
		interfere: `os.Mkdir(path, 0o700)`,
		before:    `"", exist; ""`,
		after:     `"there", ok; ""`,
	},
	{
		kind: "existscreateRename",
		body: `	if err := os.WriteFile(path+"2", []byte("mine"), 0o600); err != nil {
		return "", err
	}
	if _, err := os.Lstat(path); err == nil {
		return "", errors.New("it is there")
	}
	interfere()
	if err := os.Rename(path+"2", path); err != nil {
		return "", err
	}
	return "moved", nil
`,
		interfere: `os.WriteFile(path, []byte("theirs"), 0o600)`,
		before:    `"moved", ok; "mine"`,
		after:     `"", it is there; "theirs"`,
	},
	{
		kind: "checkactSecond",
		body: `	if _, err := os.Stat(path); err == nil {
		if path == "" {
			return "first", os.Remove(path)
		}
		interfere()
		if err := os.Remove(path); err != nil {
			return "", err
		}
		return "removed", nil
	}
	return "none", nil
`,
		there:     true,
		interfere: `os.Remove(path)`,
		before:    `"", not exist; ""`,
		after:     `"removed", ok; ""`,
	},
	{
		// The error does not say of which path it is.
		kind: "statopenUnsaid",
		body: `	if _, err := os.Stat(path); os.IsNotExist(err) {
		return "default", nil
	}
	interfere()
	text, err := readKIND(path)
	if err != nil {
		return "", err
	}
	return text, nil
}

func readKIND(path string) (string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", errors.New("it cannot be read")
	}
	return string(data), nil
`,
		there:     true,
		interfere: `os.Remove(path)`,
		before:    `"", it cannot be read; ""`,
		after:     `"default", ok; ""`,
	},
	{
		kind: "pathreuseHelper",
		body: `	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	interfere()
	size, err := sizeKIND(path)
	if err != nil {
		return "", err
	}
	data := make([]byte, size)
	n, _ := f.Read(data)
	return fmt.Sprint(n, " of ", len(data)), nil
}

func sizeKIND(path string) (int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
`,
		there:     true,
		interfere: `os.WriteFile(path+"2", []byte("a longer one"), 0o600); os.Rename(path+"2", path)`,
		before:    `"3 of 12", ok; "a longer one"`,
		after:     `"3 of 3", ok; "a longer one"`,
	},
	{
		// The rest of the branch is skipped, as where nothing was there.
		kind: "statopenSkipped",
		body: `	text := "none"
	if _, err := os.Stat(path); err == nil {
		interfere()
		data, err := os.ReadFile(path)
		if err != nil {
			return "", err
		}
		text = string(data)
	}
	for range 2 {
		text += "."
	}
	text += "!"
	fmt.Print("")
	return text, nil
`,
		there:     true,
		interfere: `os.Remove(path)`,
		before:    `"", not exist; ""`,
		after:     `"none..!", ok; ""`,
	},
	{
		// No process sees a partial program.
		kind: "writechmodStaged",
		body: `	err := installKIND(path)
	return seen, err
}

func installKIND(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if _, err := f.WriteString("program"); err != nil {
		f.Close()
		return err
	}
	interfere()
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Chmod(path, 0o711); err != nil {
		return err
	}
	return nil
`,
		interfere: `if _, err := os.Stat(path); err == nil { seen = "half there" }`,
		before:    `"half there", ok; "program"`,
		after:     `"", ok; "program"`,
	},
	{
		// The property that is checked in between is that of the new file.
		kind: "tornwriteThenRead",
		body: `	c := configKIND{path}
	return c.saveConfig()
}

type configKIND struct{ configPath string }

func (c configKIND) loadConfig(v any) error {
	data, err := os.ReadFile(c.configPath)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, v)
}

func (c configKIND) saveConfig() (string, error) {
	var f *os.File
	var err error
	f, err = os.Create(c.configPath)
	if err != nil {
		return "", err
	}
	defer f.Close()
	interfere()
	_, err = f.WriteString("new")
	if err != nil {
		return "", err
	}
	data, err := os.ReadFile(c.configPath)
	if err != nil {
		return "", err
	}
	return seen + " " + string(data), nil
`,
		there:     true,
		interfere: `data, _ := os.ReadFile(path); seen = string(data)`,
		before:    `" new", ok; "new"`,
		after:     `"old new", ok; "new"`,
	},
	{
		// What is written fails; the old file must not be removed for that.
		kind: "tornwriteRemoved",
		body: `	c := configKIND{path}
	err := c.saveConfig()
	return seen, err
}

type configKIND struct{ configPath string }

func (c configKIND) loadConfig(v any) error {
	data, err := os.ReadFile(c.configPath)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, v)
}

func (c configKIND) saveConfig() error {
	f, err := os.Create(c.configPath)
	if err != nil {
		return err
	}
	interfere()
	if err := json.NewEncoder(f).Encode(make(chan int)); err != nil {
		f.Close()
		os.Remove(c.configPath)
		return errors.New("it cannot be encoded")
	}
	return f.Close()
`,
		there:     true,
		interfere: `data, _ := os.ReadFile(path); seen = string(data)`,
		before:    `"", it cannot be encoded; ""`,
		after:     `"old", it cannot be encoded; "old"`,
	},
	{
		// The one that loses must not remove what the other one has made.
		kind: "existscreateRemoved",
		body: `	if _, err := os.Stat(path); err == nil {
		return "", errors.New("it is taken")
	}
	f, err := os.Create(path)
	if err != nil {
		return "", err
	}
	interfere()
	if _, err := f.WriteString("mine"); err != nil {
		f.Close()
		os.Remove(path)
		return "", err
	}
	if err := f.Close(); err != nil {
		os.Remove(path)
		return "", err
	}
	return "made", nil
`,
		interfere: `os.WriteFile(path, []byte("theirs"), 0o600)`,
		before:    `"made", ok; "miners"`,
		after:     `"", it is taken; "theirs"`,
	},
}

// onUnix are those of what Windows does not have.
var onUnix = []disturbed{
	{
		kind: "fdlife",
		body: `	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	fd := int(f.Fd())
	interfere()
	var info syscall.Stat_t
	if err := syscall.Fstat(fd, &info); err != nil {
		return "", err
	}
	return fmt.Sprint(info.Size), nil
`,
		there:     true,
		interfere: `for range 20 { runtime.GC(); time.Sleep(time.Millisecond) }`,
		before:    `"", bad file descriptor; "old"`,
		after:     `"3", ok; "old"`,
	},
}

// TestRaces shows for each kind of race that it does harm, and that the fixed
// program comes through it.
func TestRaces(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs programs")
	}
	dir := t.TempDir()
	writeModule(t, dir, raceFiles())
	fixes, _ := analyze(t, dir)
	before := build(t, dir)
	for name, text := range fixes.files {
		if err := os.WriteFile(name, text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	after := build(t, dir)
	was, is := strings.Split(run(t, before), "\n"), strings.Split(run(t, after), "\n")
	for i, r := range disturbances() {
		if want := r.kind + ": " + r.before; was[i] != want {
			t.Errorf("before: %s\n  want: %s", was[i], want)
		}
		if want := r.kind + ": " + r.after; is[i] != want {
			text, _ := os.ReadFile(filepath.Join(dir, r.kind+".go"))
			t.Errorf("after: %s\n want: %s\n%s", is[i], want, text)
		}
	}
}

// disturbances are those that the system has.
func disturbances() []disturbed {
	if runtime.GOOS == "windows" {
		return races
	}
	return slices.Concat(races, onUnix)
}

func raceFiles() map[string]string {
	calls := ""
	files := make(map[string]string)
	for _, r := range disturbances() {
		p := program{r.kind, fmt.Sprintf("func %s(path string) (string, error) {\n%s}\n\nfunc interfere%s(path string) { %s }\n",
			r.kind, strings.ReplaceAll(r.body, "KIND", r.kind), r.kind, r.interfere)}
		files[r.kind+".go"] = p.source()
		calls += fmt.Sprintf("\tdisturb(%q, %v, interfere%s)\n", r.kind, r.there, r.kind)
	}
	files["main.go"] = `package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync/atomic"
)

var (
	programs  = make(map[string]func(string) (string, error))
	interfere func()
	seen      string
	over      atomic.Bool
)

func disturb(kind string, there bool, with func(string)) {
	path := "file-" + kind
	if there {
		os.WriteFile(path, []byte("old"), 0o600)
	}
	seen = ""
	interfere = func() { with(path) }
	text, err := programs[kind](path)
	data, _ := os.ReadFile(path)
	fmt.Printf("%s: %q, %s; %q\n", kind, text, outcome(err), data)
}

// outcome identifies the error of a system call by its class, any other by its text.
func outcome(err error) string {
	switch {
	case err == nil:
		return "ok"
	case errors.Is(err, fs.ErrNotExist):
		return "not exist"
	case errors.Is(err, fs.ErrExist):
		return "exist"
	}
	return err.Error()
}

func main() {
` + calls + "}\n"
	return files
}
