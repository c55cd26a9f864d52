// Package fsapi is what toctou knows about functions: which of them touch the
// file system by a path, which argument the path is, and what is done to it.
//
// It is pure data. A row is a sentence: "os.OpenFile: at argument 0, by its
// flags in argument 1, with the mode of argument 2, giving a handle". Nothing
// above this floor compares the name of a function with a string of its own.
package fsapi

import "sync"

// Effect is what a call does to the object that a path names.
type Effect uint8

// The effects. Where two differ only in what they do to an object that is
// already there, the difference is the one that decides a race.
const (
	_               Effect = iota
	Check                  // asks for existence, metadata or a link's target: stat(2), lstat(2), access(2)
	Open                   // opens an existing object for reading, or reads it whole
	Write                  // opens an existing file for writing, or changes its content or size
	Create                 // creates a file, and truncates or overwrites one that is there
	CreateKeep             // creates a file, and keeps the content of one that is there (O_CREATE alone, O_APPEND)
	CreateExclusive        // creates a file, and fails when something is there (O_EXCL)
	CreateAtomic           // replaces a file whole: a correct form
	SetMode                // chmod(2)
	SetOwner               // chown(2)
	SetTimes               // utimes(2)
	SetAttr                // extended attributes and access lists
	MakeDir                // mkdir(2): fails when something is there
	MakeDirAll             // makes a directory and its parents: content with one that is there
	Replace                // the new name of a rename: what is there is replaced
	Move                   // the old name of a rename
	Remove                 // unlink(2), rmdir(2)
	RemoveAll              // removes a tree: content when nothing is there
	Link                   // makes a link or node of this name: fails when something is there
	List                   // reads the entries of a directory
	Walk                   // walks the tree below a directory
	Resolve                // resolves links: realpath(3), readlink(2)
	Exec                   // runs the file
	Listen                 // binds a socket to the name: fails when something is there
	Connect                // connects to the socket of this name
	Lock                   // takes a lock by the name
	ChangeDir              // makes it the working directory
	Mount                  // mounts on it, or unmounts it
	ByFlags                // one of Open, Write, Create, CreateKeep and CreateExclusive, by the flags of the call
)

// Recv stands for the receiver where an argument's index is asked for: the
// path is the one that the handle in the receiver was opened from.
const Recv = -1

// Op is one operation of a call on one path.
type Op struct {
	Arg    int // index of the path among the parameters, the receiver not counted; Recv for the receiver's
	Effect Effect
}

// Result says what the first result of a call is.
type Result uint8

// What a first result can be.
const (
	_          Result = iota
	Handle            // an open file, of the path of the first operation
	Info              // metadata of the path, an fs.FileInfo
	Exists            // a bool: whether the object exists
	Contents          // what was read from the path
	Name              // the path that the receiver, a handle, was opened from
	NewFile           // an open file of a fresh name that nobody else uses: os.CreateTemp
	NewDir            // the path of a fresh directory that nobody else uses: os.MkdirTemp
	NewPath           // a path that is a fresh name in such a directory: testing's TempDir
	Pure              // a path computed from the arguments alone: filepath.Join
	Entries           // the entries of a directory, each an fs.DirEntry or fs.FileInfo
	EntryName         // the name of the receiver, an entry or metadata: fs.DirEntry.Name
	Marshalled        // bytes that a loader will parse: json.Marshal
	Scope             // an open directory that names are looked up beneath: os.OpenRoot
)

// Origin is where a path comes from, as far as a function that yields one tells.
type Origin uint8

// The origins.
const (
	_          Origin = iota
	UserDir           // the home, configuration, data or cache directory of a user
	TempDir           // the shared directory for temporaries
	WorkDir           // the working directory
	Argument          // the command line: a flag or an argument
	Environ           // an environment variable
	Executable        // the path of the running program
)

// Traits are properties of a call as a whole.
type Traits uint32

// The traits.
const (
	NoFollow     Traits = 1 << iota // does not follow a link in the last element: lstat(2), O_NOFOLLOW
	NoReturn                        // never returns: os.Exit
	AtDir                           // the path is relative to the directory handle in argument 0: openat(2)
	Beneath                         // the path is looked up beneath the receiver, and cannot leave it: os.Root
	Fails                           // asks whether its first argument, an error, is nil; does not return if it is not
	Wraps                           // yields an error that is nil exactly when its error argument is
	AsksNotExist                    // reports whether its first argument is fs.ErrNotExist
	AsksExist                       // reports whether its first argument is fs.ErrExist
	AsksIs                          // errors.Is: reports whether its first argument is its second
	AsksSame                        // os.SameFile: reports whether two FileInfo describe one file
	LocksProcess                    // takes a lock that holds within this process alone: sync.Mutex
	LocksFile                       // takes a lock that other processes honour: flock(2)
	Encodes                         // writes a value that a loader will parse to its first argument or receiver
	Loads                           // parses what it reads: the counterpart of Encodes
	Syncs                           // flushes a file to its device: fsync(2)
	Closes                          // closes its receiver
	Descriptor                      // yields the receiver's file descriptor
)

// Func is one row: what is known of one function.
type Func struct {
	// Name is the function's full name as go/types writes it:
	// os.Stat, (*os.File).Chmod, (github.com/spf13/afero.Fs).Open.
	Name   string
	Ops    []Op   // in the order in which they happen
	Gives  Result // what the first result is
	Flags  int    // index of the argument with the open(2) flags, for ByFlags; never 0
	Perm   int    // index of the argument with the mode of what is created; never 0
	Data   int    // index of the argument with the content to write; never 0
	From   Origin // where the path that it yields comes from
	Traits Traits
}

// Has reports whether all of the traits t hold.
func (f *Func) Has(t Traits) bool { return f != nil && f.Traits&t == t }

// Lookup returns the row of the function with the full name, or nil.
func Lookup(name string) *Func { return index()[name] }

// index is the table by name.
var index = sync.OnceValue(func() map[string]*Func {
	m := make(map[string]*Func)
	for _, rows := range tables {
		for i := range rows {
			m[rows[i].Name] = &rows[i]
		}
	}
	return m
})

// tables lists the parts of the table, one file each.
var tables = [][]Func{osFuncs}

// at is one operation on the path in argument arg.
func at(arg int, e Effect) []Op { return []Op{{arg, e}} }
