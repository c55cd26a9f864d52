package race

import "github.com/edcacfbd/toctou/internal/severity"

// Level says who sees a finding.
type Level uint8

// The levels.
const (
	Silent Level = iota // not reported: it is harmless, and listed by -debug only
	Strict              // reported with -strict: it matters only in some environments
	Report              // reported by default
)

// String returns the name of the level.
func (l Level) String() string { return [...]string{"silent", "strict", "report"}[l] }

// Reason says why a pair of operations is a race, or why it is harmless. It
// decides who sees a finding, and how bad a lost race is: a case that deserves
// another level or another severity has another reason.
//
// Each rule's file declares its reasons above the rule, and the table in
// rules.go lists them.
type Reason struct {
	ID       string // kebab-case, unique, and never changed: -debug, SARIF and the labels' tables use it
	Text     string // one clause about the use ("it"), for people
	Level    Level
	Severity severity.Level // severity.None if the level is Silent
}

// The severities, for the rows of reasons.
const (
	none   = severity.None
	low    = severity.Low
	medium = severity.Medium
	high   = severity.High
)

// The reasons that several rules have in common.
var (
	// unix.Flock(fd, unix.LOCK_EX)
	// if _, err := os.Stat(path); err == nil { data, err = os.ReadFile(path) }
	fileLocked = Reason{"file-locked", "a lock that other processes respect is held", Silent, none}
	// if exists(path) { load(path) } // and load begins with os.Stat(path)
	checkedByCallee = Reason{"checked-by-callee", "the callee checks the path again, so the race is in the callee", Silent, none}
	// if _, err := os.Stat(path); err != nil { return err }
	// data, err := os.ReadFile(path)
	// if err != nil { return err }
	absenceFailsAnyway = Reason{"absence-fails-anyway", "absence is an error at both the check and the use: the check is redundant", Silent, none}
	// if _, err := os.Stat(path); err == nil { data, _ = os.ReadFile(path) }
	vanishingTolerated = Reason{"vanishing-tolerated", "the program continues if the file is gone", Silent, none}
	// func copyFile(from, to string) error { … } // called by tests alone
	calledByTests = Reason{"called-by-tests", "only tests call the function", Silent, none}
	// os.WriteFile("/proc/self/oom_score_adj", data, 0)
	unshared = Reason{"path-unshared", "no other program changes the path", Silent, none}
)

// underMutex is the reason of a pair that matters because of r, where a lock
// within this process is held. Other goroutines have to wait; other processes do
// not:
//
//	mu.Lock()
//	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
//		err = os.WriteFile(path, data, 0o600)
//	}
//	mu.Unlock()
func underMutex(r Reason) Reason {
	return Reason{r.ID + "-under-mutex", r.Text + ", if another process interferes", min(r.Level, Strict), r.Severity}
}
