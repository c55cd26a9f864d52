package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/token"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/module"

	"github.com/edcacfbd/toctou/internal/fsapi"
)

// Row describes a function of the user, in the words of the settings file. It becomes
// a row of the table of internal/fsapi.
type Row struct {
	Func    string   `json:"func"`
	Path    *Arg     `json:"path"`
	Effect  string   `json:"effect"`
	Then    []Step   `json:"then"`
	Flags   int      `json:"flags"`
	Mode    int      `json:"mode"`
	Content int      `json:"content"`
	Returns string   `json:"returns"`
	Is      []string `json:"is"`

	lines map[string]int // the lines of its keys in a settings file
}

// Step is one more operation of a function.
type Step struct {
	Path   *Arg   `json:"path"`
	Effect string `json:"effect"`
}

// Arg is the index of an argument, or fsapi.Recv.
type Arg int

const receiver = "receiver"

// ParseArg reads an index, or the word receiver.
func ParseArg(s string) (Arg, error) {
	if s == receiver {
		return fsapi.Recv, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > maxArg {
		return 0, fmt.Errorf("want the index of an argument, from 0, or %q", receiver)
	}
	return Arg(n), nil
}

// maxArg bounds indices, so that nothing overflows on the way.
const maxArg = 100

// UnmarshalJSON implements json.Unmarshaler.
func (a *Arg) UnmarshalJSON(data []byte) error {
	text := string(data)
	var word string
	if json.Unmarshal(data, &word) == nil {
		text = word
	}
	arg, err := ParseArg(text)
	*a = arg
	return err
}

// Word is a word of the settings file with its meaning.
type Word[T any] struct {
	Word    string
	Is      T
	Meaning string
}

// Effects are what can be done to a path.
var Effects = []Word[fsapi.Effect]{
	{"check", fsapi.Check, "checks existence or reads metadata, like os.Stat"},
	{"open", fsapi.Open, "opens an existing file for reading, or reads all of it"},
	{"write", fsapi.Write, "opens an existing file for writing, or changes its content"},
	{"create", fsapi.Create, "creates a file or truncates an existing one, like os.Create"},
	{"create-keep", fsapi.CreateKeep, "creates a file; an existing file keeps its content"},
	{"create-exclusive", fsapi.CreateExclusive, "creates a file; fails if it exists (O_EXCL)"},
	{"create-atomic", fsapi.CreateAtomic, "replaces a file atomically: no reader sees a partial file"},
	{"by-flags", fsapi.ByFlags, "one of the above, depending on the flags of the call, like os.OpenFile; needs `flags`"},
	{"set-mode", fsapi.SetMode, "like os.Chmod"},
	{"set-owner", fsapi.SetOwner, "like os.Chown"},
	{"set-times", fsapi.SetTimes, "like os.Chtimes"},
	{"set-attributes", fsapi.SetAttr, "sets extended attributes or access lists"},
	{"make-dir", fsapi.MakeDir, "like os.Mkdir: fails if the path exists"},
	{"make-dir-all", fsapi.MakeDirAll, "like os.MkdirAll: accepts an existing directory"},
	{"move", fsapi.Move, "the old name of a rename"},
	{"replace", fsapi.Replace, "the new name of a rename, which replaces an existing file"},
	{"remove", fsapi.Remove, "like os.Remove"},
	{"remove-all", fsapi.RemoveAll, "like os.RemoveAll"},
	{"link", fsapi.Link, "creates a link with this name; fails if the path exists"},
	{"list", fsapi.List, "like os.ReadDir"},
	{"walk", fsapi.Walk, "like filepath.WalkDir"},
	{"resolve", fsapi.Resolve, "resolves links, like filepath.EvalSymlinks"},
	{"exec", fsapi.Exec, "runs the file"},
	{"listen", fsapi.Listen, "binds a socket to the name"},
	{"connect", fsapi.Connect, "connects to the socket of this name"},
	{"lock", fsapi.Lock, "names the lock file"},
	{"change-dir", fsapi.ChangeDir, "makes it the working directory"},
	{"mount", fsapi.Mount, "mounts on it, or unmounts it"},
	{"none", 0, "none: the function is harmless, whatever it calls"},
}

// Returns are what the first result of a function can be.
var Returns = []Word[fsapi.Result]{
	{"file", fsapi.Handle, "an open file of the path"},
	{"info", fsapi.Info, "an `fs.FileInfo` of the path"},
	{"exists", fsapi.Exists, "a bool: whether the path exists"},
	{"is-dir", fsapi.IsDir, "a bool: whether it is a directory"},
	{"content", fsapi.Contents, "what was read from the path"},
	{"entries", fsapi.Entries, "the entries of the directory"},
	{"path", fsapi.Pure, "a path that depends only on the arguments, as from filepath.Join"},
	{"temp-file", fsapi.NewFile, "an open file of a fresh name, as from os.CreateTemp"},
	{"temp-dir", fsapi.NewDir, "the path of a fresh directory, as from os.MkdirTemp"},
}

// Traits are what else a function can be.
var Traits = []Word[fsapi.Traits]{
	{"nofollow", fsapi.NoFollow, "does not follow a link in the last element, like os.Lstat"},
	{"beneath-receiver", fsapi.Beneath, "looks up the path beneath its receiver and cannot leave it, like os.Root"},
	{"locking", fsapi.LocksFile, "takes a lock that other processes respect; until `unlocking`, no other process interferes"},
	{"unlocking", fsapi.Unlocks, "releases it"},
	{"parsing", fsapi.Loads, "parses what it reads"},
	{"never-returning", fsapi.NoReturn, "ends the program, like log.Fatal"},
	{"exiting-on-error", fsapi.Fails, "ends the program if its first argument, an error, is not nil"},
	{"asking-not-exist", fsapi.TestsNotExist, "reports whether its first argument is fs.ErrNotExist, like os.IsNotExist"},
	{"asking-exist", fsapi.TestsExist, "reports whether its first argument is fs.ErrExist, like os.IsExist"},
	{"wrapping-error", fsapi.Wraps, "returns an error that is nil exactly when its error argument is"},
}

// find returns the value of a word.
func find[T any](words []Word[T], word string) (T, error) {
	var names []string
	for _, w := range words {
		if w.Word == word {
			return w.Is, nil
		}
		names = append(names, w.Word)
	}
	var none T
	return none, fmt.Errorf("unknown word %q; the words are %s", word, strings.Join(names, ", "))
}

// A wrong is an error in the value of a key of a row.
type wrong struct {
	key string
	err error
}

func (w *wrong) Error() string { return w.key + ": " + w.err.Error() }

func wrongf(key, format string, args ...any) error {
	return &wrong{key, fmt.Errorf(format, args...)}
}

// compile returns the row of the table. It compares the keys with each other,
// but not against the function: see Check.
func (r *Row) compile() (fsapi.Func, error) {
	var f fsapi.Func
	if err := checkName(r.Func); err != nil {
		return f, &wrong{"func", err}
	}
	f = fsapi.Func{Name: r.Func, Flags: r.Flags, Perm: r.Mode, Data: r.Content}
	steps := slices.Insert(slices.Clone(r.Then), 0, Step{r.Path, r.Effect})
	for i, step := range steps {
		switch {
		case i == 0 && step.Effect == "" && step.Path == nil && len(r.Then) == 0:
			continue
		case step.Effect == "":
			return f, wrongf(key(i), "a path needs an effect")
		}
		effect, err := find(Effects, step.Effect)
		switch {
		case err != nil:
			return f, &wrong{key(i), err}
		case effect == 0 && (step.Path != nil || len(steps) > 1):
			return f, wrongf(key(i), "the effect none cannot be combined with a path or another effect")
		case effect == 0:
			continue
		case step.Path == nil:
			return f, wrongf(key(i), "the effect %s needs a path", step.Effect)
		}
		f.Ops = append(f.Ops, fsapi.Op{Arg: int(*step.Path), Effect: effect})
	}
	var err error
	if r.Returns != "" {
		if f.Gives, err = find(Returns, r.Returns); err != nil {
			return f, &wrong{"returns", err}
		}
	}
	for _, word := range r.Is {
		trait, err := find(Traits, word)
		if err != nil {
			return f, &wrong{"is", err}
		}
		f.Traits |= trait
	}
	return f, r.consistent(&f)
}

// key returns the key of step i of a row.
func key(i int) string {
	if i == 0 {
		return "effect"
	}
	return "then"
}

// consistent compares the keys of a row with each other.
func (r *Row) consistent(f *fsapi.Func) error {
	for _, index := range []struct {
		key string
		arg int
	}{{"flags", f.Flags}, {"mode", f.Perm}, {"content", f.Data}} {
		if index.arg < 0 || index.arg > maxArg {
			return wrongf(index.key, "want the index of an argument, from 1")
		}
	}
	byFlags := slices.ContainsFunc(f.Ops, func(op fsapi.Op) bool { return op.Effect == fsapi.ByFlags })
	named := slices.ContainsFunc(f.Ops, func(op fsapi.Op) bool { return op.Arg != fsapi.Recv })
	switch {
	case byFlags && f.Flags == 0:
		return wrongf("effect", "by-flags needs flags: the index of the argument with the open flags")
	case !byFlags && f.Flags > 0:
		return wrongf("flags", "flags is only for the effect by-flags")
	case f.Gives == fsapi.Handle && !named, f.Gives == fsapi.Info && !named, f.Gives == fsapi.Exists && !named,
		f.Gives == fsapi.IsDir && !named, f.Gives == fsapi.Contents && !named, f.Gives == fsapi.Entries && !named:
		return wrongf("returns", "%s needs a path", r.Returns)
	case len(f.Ops) == 0 && f.Gives == 0 && f.Traits == 0 && r.Effect == "":
		return wrongf("func", "the row is empty: want path and effect, returns, or is; use effect: none for a harmless function")
	}
	return nil
}

// checkName checks that a function is named as go/types names it.
func checkName(name string) error {
	malformed := errors.New("want example.com/x/store.Open, (example.com/x/store.Store).Open or (*example.com/x/store.Store).Open")
	pkg := name
	if strings.HasPrefix(name, "(") {
		recv, method, ok := strings.Cut(name[1:], ").")
		if !ok || !token.IsIdentifier(method) {
			return malformed
		}
		recv = strings.TrimPrefix(recv, "*")
		if i := strings.IndexByte(recv, '['); i >= 0 && strings.HasSuffix(recv, "]") {
			recv = recv[:i] // the type parameters
		}
		pkg = recv
	}
	dot := strings.LastIndexByte(pkg, '.')
	if dot < 0 {
		return malformed
	}
	pkg, last := pkg[:dot], pkg[dot+1:]
	if !token.IsIdentifier(last) || module.CheckImportPath(pkg) != nil {
		return malformed
	}
	return nil
}
