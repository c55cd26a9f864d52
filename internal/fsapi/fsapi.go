// Package fsapi is what toctou knows about functions: which of them touch the
// file system by a path, which argument the path is, and what is done to it.
//
// It is pure data. A row is a sentence: "os.OpenFile: at argument 0, by its
// flags in argument 1, with the mode of argument 2, giving a handle". Rules
// use the traits and effects of rows, and no names of functions; fixes, which write
// calls, use names.
package fsapi

import (
	"slices"
	"strings"
	"sync"
)

// Effect is what a call does to the object that a path names.
type Effect uint8

// The effects. Where two differ only in what they do to an object that is
// already there, the difference is the one that decides a race.
const (
	_               Effect = iota
	Check                  // queries existence, metadata or a link's target: stat(2), lstat(2), access(2)
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

// Recv is the index of the receiver, in the place of an argument's index: the path is the
// one that the handle in the receiver was opened from.
const Recv = -1

// Op is one operation of a call on one path.
type Op struct {
	// Arg is the index of the path among the parameters, the receiver not
	// counted; Recv for the receiver's. If the parameter is variadic, each of
	// its arguments is a path; if it is an interface, only a string is one.
	Arg    int
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
	NewFile           // an open file of a fresh name that no other process uses: os.CreateTemp
	NewDir            // the path of a fresh directory that no other process uses: os.MkdirTemp
	NewPath           // a path that is a fresh name in such a directory: testing's TempDir
	Pure              // a path computed from the arguments alone: filepath.Join
	Entries           // the entries of a directory, each an fs.DirEntry or fs.FileInfo
	EntryName         // the name of the receiver, an entry or metadata: fs.DirEntry.Name
	Marshalled        // bytes that a loader will parse: json.Marshal
	Scope             // an open directory that names are looked up beneath: os.OpenRoot
	EntryPaths        // the paths of entries of a directory, strings: filepath.Glob
	EntryNames        // the names of the entries of a directory, strings: (*os.File).Readdirnames
	IsDir             // a bool: whether the object, or the receiver's, is a directory
	IsRegular         // a bool: whether the receiver's object is a regular file
	Mode              // the mode of the receiver, metadata: fs.FileInfo.Mode
	Size              // the size of the receiver, metadata
	ModTime           // the modification time of the receiver, metadata
	Sys               // the system's own form of the receiver, metadata: the owner, the inode
	Clock             // the time, which others know as well: time.Now
	Random            // what others cannot guess: crypto/rand.Text, a digest's text
)

// Origin is where a path comes from, as far as the function that returns it determines.
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
type Traits uint64

// The traits.
const (
	NoFollow         Traits = 1 << iota // does not follow a link in the last element: lstat(2), O_NOFOLLOW
	NoReturn                            // never returns: os.Exit
	AtDir                               // each path is relative to the directory in the argument before it: openat(2), fs.Stat
	Beneath                             // the path is looked up beneath the receiver, with AtDir beneath the argument before it, and cannot leave it: os.Root
	Fails                               // tests whether its first argument, an error, is nil; does not return if it is not
	Wraps                               // returns an error that is nil exactly when its error argument is
	TestsNotExist                       // reports whether its first argument is fs.ErrNotExist
	TestsExist                          // reports whether its first argument is fs.ErrExist
	TestsIs                             // errors.Is: reports whether its first argument is its second
	TestsSame                           // os.SameFile: reports whether two FileInfo describe one file
	LocksProcess                        // takes a lock that holds within this process alone: sync.Mutex
	LocksFile                           // takes a lock that other processes respect: flock(2)
	Encodes                             // writes a value that a loader will parse to its first argument or receiver
	Loads                               // parses what it reads: the counterpart of Encodes
	Truncates                           // cuts an open file to the length that is its last argument
	Syncs                               // flushes a file to its device: fsync(2)
	Closes                              // closes its receiver
	Descriptor                          // returns the receiver's file descriptor
	Adopts                              // returns a file that owns the descriptor in its first argument: os.NewFile
	ClosesDescriptor                    // closes the descriptor in its first argument: close(2)
	NewError                            // returns an error that is never nil: errors.New; with Wraps, one that holds its error argument: fmt.Errorf
	Unlocks                             // releases a lock of LocksProcess or LocksFile
	TestsWithin                         // tests by the text whether a path lies within a directory: strings.HasPrefix, filepath.IsLocal
	TestsUpward                         // tests whether its second argument is in its first: with "..", whether a path leads upwards: strings.Contains
	SetsUmask                           // sets the mask of the modes of new files: umask(2)
	IfNextNil                           // touches the path only if the argument after it is nil: go/parser.ParseFile
	Respells                            // returns another spelling of the path in its first argument: filepath.Clean, strings.ToLower
	Renames                             // returns another spelling of the path in its first argument that names the same file: filepath.Clean, not strings.ToLower
	ReadsDir                            // depends on the working directory: filepath.Abs
	Relates                             // returns its second argument relative to its first: filepath.Rel
	Ascends                             // returns the directory of the path in its first argument: filepath.Dir
	Joins                               // returns the path of its last argument below the others: filepath.Join
	Formats                             // returns its first argument with the others put in: fmt.Sprintf
	LastElement                         // returns the last element of the path in its first argument: filepath.Base
	Confines                            // returns a path, resolved, that it has found to lie within a directory: securejoin.SecureJoin
	KeepsAlive                          // keeps its argument from being collected, and does nothing else: runtime.KeepAlive
	Duplicates                          // returns a file that owns a copy of its receiver, a socket: (*net.TCPConn).File
	ParsesNumber                        // returns the number that its first argument, a text, is of: strconv.Atoi
	Prefixes                            // with Beneath or AtDir: the directory is put in front of the path, so that links lead out of it: afero.BasePathFs
	Strips                              // returns what is left of its first argument without the others: strings.TrimPrefix
	Splits                              // returns the parts of the path in its first argument: strings.Split
	PermBits                            // returns the permission bits of a mode alone: fs.FileMode.Perm
	Digests                             // computes a digest of what it has been given, or verifies one: hash.Hash.Sum
	PublicHalf                          // returns the public half of a key pair, for a file: ssh.MarshalAuthorizedKey
	ReadsEntry                          // looks at the disk for the entry that is its receiver: fs.DirEntry.Info
	TypeBits                            // returns the type bits of a mode alone: fs.FileMode.Type
	FindsUser                           // returns a user by name or number, who need not be the program's own: user.Lookup
	Borrows                             // is done with the descriptor in its first argument when it returns: fsync(2), not flock(2)
	Describes                           // returns a header of the file whose metadata are its first argument, for its content to follow: tar.FileInfoHeader
	Waits                               // waits until another goroutine has changed what is waited for: (*sync.Cond).Wait
	Wakes                               // wakes those that wait: (*sync.Cond).Broadcast
	Watches                             // says when the file that is there now changes: a file that replaces it is another one
)

// Func is one row: what is known of one function. A row with a name alone
// says that the function is harmless.
type Func struct {
	// Name is the function's full name as go/types writes it:
	// os.Stat, (*os.File).Chmod, (github.com/spf13/afero.Fs).Open.
	Name  string
	Ops   []Op   // in the order in which they happen
	Gives Result // what the first result is
	Flags int    // index of the argument with the open(2) flags, for ByFlags; never 0
	Perm  int    // index of the argument with the mode of what is created, or that is set; never 0
	Field string // the field of the path argument that is the path, where that is a struct or a pointer to one
	Data  int    // index of the argument with the content to write; never 0
	From  Origin // where the path that it returns comes from
	// Network is one more than the index of the argument that names the
	// network of a socket, 0 if there is none: where that is not a constant
	// that starts with "unix", the address is no path and the row says nothing.
	Network int
	Traits  Traits
}

// Has reports whether all of the traits t hold.
func (f *Func) Has(t Traits) bool { return f != nil && f.Traits&t == t }

// Lookup returns the row of the function with the full name, or nil.
func Lookup(name string) *Func { return index()[name] }

// index is the table by name.
var index = sync.OnceValue(func() map[string]*Func { return byName(tables...) })

func byName(tables ...[]Func) map[string]*Func {
	m := make(map[string]*Func)
	for _, rows := range tables {
		for i := range rows {
			m[rows[i].Name] = &rows[i]
		}
	}
	return m
}

// tables lists the parts of the table, one file each.
var tables = [][]Func{
	osFuncs,
	fsFuncs,
	ioutilFuncs,
	pathFuncs,
	stdFuncs,
	syscallFuncs,
	noReturnFuncs,
	thirdPartyFuncs,
	atomicfixFuncs,
}

// Packages returns the import paths of the packages with a function that
// operates on a path or opens one: code that imports none of them, and calls
// nothing that does, cannot race on a path. The map is shared: do not change it.
func Packages() map[string]bool { return packages() }

var packages = sync.OnceValue(func() map[string]bool { return touching(index()) })

// touching returns the packages of those functions that operate on a path or
// open one.
func touching(rows map[string]*Func) map[string]bool {
	m := make(map[string]bool)
	for name, f := range rows {
		if f.Touches() {
			m[PackagePath(name)] = true
		}
	}
	return m
}

// Touches reports whether the function operates on a path or opens one.
func (f *Func) Touches() bool {
	if f == nil {
		return false
	}
	switch f.Gives {
	case Handle, NewFile, NewDir, Scope:
		return true
	}
	return len(f.Ops) > 0
}

// PackagePath is the import path in a full name: os of (*os.File).Chmod.
func PackagePath(name string) string {
	if recv, _, ok := strings.Cut(name, ")."); ok {
		name = strings.TrimLeft(recv, "(*")
	}
	return name[:strings.LastIndexByte(name, '.')]
}

// within completes the names of rows that several packages or types share.
func within(prefix string, parts ...[]Func) []Func {
	rows := slices.Concat(parts...)
	for i := range rows {
		rows[i].Name = prefix + rows[i].Name
	}
	return rows
}

// having adds traits to rows.
func having(t Traits, rows []Func) []Func {
	rows = slices.Clone(rows)
	for i := range rows {
		rows[i].Traits |= t
	}
	return rows
}

// at is one operation on the path in argument arg.
func at(arg int, e Effect) []Op { return []Op{{arg, e}} }
