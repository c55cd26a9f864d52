// Package race pairs operations on paths, determines whether each pair matters, and
// gives each use exactly one kind.
//
// A pair matters if the outcomes differ: if what the program does when the
// object changes between the two operations is not what it does when the
// object had changed before the first.
package race

import (
	"go/token"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/pathops"
)

// Kind is what a finding is a case of: each is reported by the pass of its name.
// The file of its rule declares it; their precedence is the order of the rules.
type Kind string

// Finding is one race: mostly a window between Check and Use.
type Finding struct {
	Kind   Kind
	Use    *pathops.Op
	Check  *pathops.Op // nil for a kind that is one operation
	Reason Reason      // why it matters, or why it does not
	Signs  []string    // the evidence that was weighed, by name; nil if the reason is all there is
	Aspect Aspect      // the property that was checked
	Fn     *ssa.Function
	Reader token.Pos // where what is written is read, if it takes the whole program to know

	// Unsettled means that the level depends on packages beside this one: it is not known
	// without them, or is another one with them.
	Unsettled bool

	defect string // see Defect
}

// Level returns who sees the finding.
func (f *Finding) Level() Level { return f.Reason.Level }

// Aspect is the property that a check restricts, where that is not existence.
type Aspect string

// The aspects.
const (
	Existence Aspect = ""
	Size      Aspect = "size"
	Mode      Aspect = "mode"
	Type      Aspect = "type"
	Owner     Aspect = "owner"
	Place     Aspect = "place"    // where the path leads to, its links resolved
	Spelling  Aspect = "spelling" // where its text says that it leads to
	Age       Aspect = "age"
	Entries   Aspect = "entries" // of a directory: that it has none
	Metadata  Aspect = "metadata"
	Answer    Aspect = "answer" // of what holds the name: content, or a peer
	Lock      Aspect = "lock"   // of the file, which other processes wait for
	Claim     Aspect = "claim"  // an exclusive creation that another one has won
	Closed    Aspect = "closed" // of a file that was open: it is done with
	Gap       Aspect = "gap"    // what the path led to: it was moved away

	// What is wrong with a temporary, where that is not a name in a shared directory.
	Aside     Aspect = "aside"     // its name follows from the target's
	Elsewhere Aspect = "elsewhere" // it is in another directory than the target
	Unsynced  Aspect = "unsynced"  // it is renamed before its content is on the device
	SyncError Aspect = "syncerror" // it is not known whether its content is
)

// The aspects of a check that comes too late, or does not hold for long.
const (
	Components  Aspect = "components"  // that no directory on the way is a link
	Directory   Aspect = "directory"   // of what is used: it was found right
	Digest      Aspect = "digest"      // of what is read, or run, by its path again
	Foreign     Aspect = "foreign"     // of the tree that the path lies in: another user owns it
	Late        Aspect = "late"        // of what was trusted before: whether it may be
	Placeholder Aspect = "placeholder" // of what is mounted on: it was made for that
	Vanished    Aspect = "vanished"    // of an entry: it is there no more
)

// why returns the ID of the reason, and the signs that were weighed.
func (f *Finding) why() string {
	switch {
	case f.Signs == nil:
		return f.Reason.ID
	case len(f.Signs) == 0:
		return f.Reason.ID + ": no signs"
	}
	return f.Reason.ID + ": " + strings.Join(f.Signs, "; ")
}

// Pos is where the use is: the position of its call, which for SSA is the one of
// the opening parenthesis.
func (f *Finding) Pos() token.Pos { return f.Use.At }

// Result holds the findings of one package: for each call one of each kind, the one
// of the highest level first, and of equals the one whose rule comes first. Which of
// them a user sees is up to the suite.
type Result struct {
	Findings []*Finding
	Ops      *pathops.Result
}

// beats reports whether f is what its use is called, rather than g.
func (f *Finding) beats(g *Finding) bool {
	if f.Level() != g.Level() {
		return f.Level() > g.Level()
	}
	if f.Kind != g.Kind {
		return precedence(f.Kind) < precedence(g.Kind)
	}
	at, other := f.checkedAt(), g.checkedAt()
	if !at.IsValid() || !other.IsValid() || at == other {
		return f.Use.Path.String() < g.Use.Path.String() // of two paths the same one in each run
	}
	return at > other // the nearer check
}

// checkedAt returns the call of the check, if there is one, in this package.
func (f *Finding) checkedAt() token.Pos {
	if f.Check == nil || f.Check.Call == nil {
		return token.NoPos
	}
	return f.Check.Call.Pos()
}

// Before reports whether the fix of f goes before that of g: by kind, then by
// place.
func (f *Finding) Before(g *Finding) bool {
	if f.Kind != g.Kind {
		return precedence(f.Kind) < precedence(g.Kind)
	}
	return f.Pos() < g.Pos()
}

// Defect names what is wrong where several calls lead to one overwrite in another
// package, so that it is reported once. It is "" for a finding that is by itself.
func (f *Finding) Defect() string { return f.defect }
