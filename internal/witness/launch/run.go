// Package launch runs a test binary with private copies of all that it may change:
// the module, the directory for temporaries, the home directory. On Linux it may
// write nowhere else.
package launch

import (
	"encoding/json"
	"os"
	"path/filepath"
	"time"

	"github.com/edcacfbd/toctou/internal/witness/wire"
)

// A Session is what all runs have in common.
type Session struct {
	Dir      string            // private, absolute, without links
	Packages map[string]string // by directory: which directory its tests run in
	Copies   []string          // the directories that tests may change
	Env      []string          // what tests also get
	Timeout  time.Duration     // of one run of a test binary
}

// A Run is one run of a test binary.
type Run struct {
	Session string // its directory
	Dir     string // of the run
	Plan    *wire.Plan
	Change  *Change
	Copies  []string
}

// A Change is what another process does to the path.
type Change struct {
	What   What
	Early  bool   // before the check, and not in the window
	Second bool   // the path is the second one of the use
	Check2 bool   // the path is the second one of the check
	As     string // of Appear: file, directory or link; of Type in place of a file: pipe or link
}

// What is a kind of change.
type What string

// The changes. Nothing is deleted: what was there is moved aside.
const (
	Nothing What = "nothing"       // the path is looked at only
	Vanish  What = "vanish"        // nothing is at the path
	Appear  What = "appear"        // another process makes what the use would make
	Other   What = "other file"    // another file takes the place of the one that was there
	Write   What = "write"         // another process writes into the file
	Fill    What = "entry"         // another process makes a file in the directory
	Link    What = "link"          // a link takes the place, which leads elsewhere
	Type    What = "other type"    // an object of another type takes the place
	Full    What = "full disk"     // the first write of the use fails, and all after it
	Program What = "other program" // another program takes the place of the one that was there
)

// A Result is what came of a run.
type Result struct {
	Moments  []Moment
	Exit     int
	TimedOut bool
	Spent    time.Duration // of processor time, by the test binary and what it has waited for
	Problem  string        // why the run failed, or the change was not made
}

// A Moment is a point of the plan that the run came to.
type Moment struct {
	Moment  int // as package wire numbers them
	Path    string
	Errno   uint32 // what came of the operation, at its end
	Before  State  // of the path
	After   State  // the same after the change, if it was made here
	Changed bool
	Outside State // of what a link leads to
	Refused bool  // a write has failed, since the disk is full
	Problem string
}

// A State is what is at a path.
type State struct {
	Exists  bool
	Type    string // file, directory, link, pipe or other
	Mode    os.FileMode
	Size    int64
	Inode   uint64
	Digest  string // of the content, if that is short
	Canary  bool   // the content is what another process has written, or has it
	Entries int    // of a directory
}

// resultFile is where a run leaves its result.
const resultFile = "result.json"

// sessionFile is where a session is described.
const sessionFile = "session.json"

// Save writes the description of the session for those that it starts.
func (s *Session) Save() error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(s.Dir, sessionFile), text, 0o600) //toctou:ignore tornwrite written before those that read it start
}

// LoadSession reads it.
func LoadSession(dir string) (*Session, error) {
	text, err := os.ReadFile(filepath.Join(dir, sessionFile))
	if err != nil {
		return nil, err
	}
	s := new(Session)
	return s, json.Unmarshal(text, s)
}

// LoadResult reads the result of a run and what it has recorded.
func LoadResult(dir string) (*Result, *wire.Log, error) {
	text, err := os.ReadFile(filepath.Join(dir, resultFile))
	if err != nil {
		return nil, nil, err
	}
	r := new(Result)
	if err := json.Unmarshal(text, r); err != nil {
		return nil, nil, err
	}
	records, err := os.ReadFile(filepath.Join(dir, logFile))
	if err != nil {
		return nil, nil, err
	}
	return r, wire.Read(records), nil
}

// logFile is the memory that a run shares with its test binary.
const logFile = "log"

// TempDir returns the directory for temporaries of a run.
func TempDir(run string) string { return filepath.Join(run, "t") }
