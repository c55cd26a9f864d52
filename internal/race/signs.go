package race

import "slices"

// The reasons of tornWrite. The heaviest sign decides which of them it is; see signs.
var (
	tornLoaded          = Reason{"torn-loaded", "a reader in this package fails on a partial file", Report, low}
	tornEdited          = Reason{"torn-edited", "its old content is only in memory during the write", Report, medium}
	tornFallback        = Reason{"torn-fallback", "it is overwritten in place if it cannot be replaced atomically", Report, medium}
	tornExecuted        = Reason{"torn-executed", "a process that starts in between executes a partial file", Report, low}
	tornRead            = Reason{"torn-read", "this package reads it again", Report, low}
	tornLoadedElsewhere = Reason{"torn-loaded-elsewhere", "a reader that only the whole program shows fails on a partial file", Report, low}
	tornReadElsewhere   = Reason{"torn-read-elsewhere", "a reader that only the whole program shows reads it again", Report, low}
	tornState           = Reason{"torn-state", "its content, mode or directory is typical of a file that is loaded again", Report, low}
	tornMaybe           = Reason{"torn-maybe", "there are signs that it is loaded again, but too few to report it by default", Strict, low}
	tornByHelper        = Reason{"torn-by-helper", "only its callers in other packages know whether it is loaded again", Strict, low}
	tornUnderLock       = Reason{"torn-under-lock", "a lock keeps readers out, so only a crash leaves a partial file", Strict, low}
	tornGap             = Reason{"replaced-with-gap", "nothing exists at the path in between, and there are signs that it is read", Report, low}
	tornGapUnread       = Reason{"replaced-with-gap-unread", "nothing exists at the path in between, but too few signs say that it is read", Silent, none}
	tornRemade          = Reason{"torn-remade", "it can be generated again, or is always new", Silent, none}
	tornUnread          = Reason{"torn-unread", "too few signs say that it is loaded again", Silent, none}
	tornNothing         = Reason{"torn-nothing", "it is empty, a kernel file, or a temporary file of this program", Silent, none}
	tornWriteAside      = Reason{"written-aside", "it is written under another name and then renamed", Silent, none}
)

// fact is one thing that is known of an overwrite. Facts come from the code
// alone, never from what a file, a field or a function is called.
type fact uint32

// The facts. overwrite.go has the code that each of them matches.
const (
	parsedBack   fact = 1 << iota // a reader in the package fails over half of the file
	readBack                      // the package opens the same path
	sameForm                      // the package opens a path of the same form, for another key perhaps
	edited                        // the new content is made from the old one
	looked                        // the file is read before it is written
	emptied                       // it is opened with its content kept, and emptied later
	fallsBack                     // the path is the target of a rename that has failed
	executable                    // the file may be executed
	userDir                       // it lies in a user's directory for configuration, state or caches
	systemDir                     // it lies in a directory where a system keeps its configuration or state
	encoded                       // the content is marshaled
	private                       // only the owner may read it
	atomicKnown                   // the package replaces other files whole
	healed                        // each reader in the package takes a damaged file for none
	fromArgument                  // the path comes from the command line
	fromWorkDir                   // the path lies in the working directory
	fromTempDir                   // the path lies in the shared directory for temporaries
	movedLater                    // the directory is renamed when it is complete
	madeFirst                     // the directory is one that did not exist before
	mountedLater                  // the file is mounted where its reader looks for it when it is complete
	uniqueName                    // the time or something random is in the name
	fixedContent                  // the content is a constant
	derived                       // the content is the public half of a key pair
)

// Class is the strength of a sign. A sign is put into a class by what it shows,
// and the classes have the weights, so that there are few figures to choose.
type Class uint8

// The classes.
const (
	decisive   Class = iota // it suffices by itself
	strong                  // it is almost enough
	supporting              // it needs others
	weak
	doubtful  // the file can be made again, as a rule
	excluding // nothing is lost
	Classes   = iota
)

// String returns the name of the class.
func (c Class) String() string {
	return [...]string{"decisive", "strong", "supporting", "weak", "doubtful", "excluding"}[c]
}

// The sums at which an overwrite is reported, by default and in strict mode.
const (
	ReportAt = 8
	StrictAt = 4
)

// Weights are those of the classes: what suffices by itself weighs ReportAt, what
// excludes a loss more than that. The others are chosen by internal/score on
// labeled repositories; see "Weights" in docs/benchmarks.md.
func Weights() [Classes]int { return weights }

var weights = [Classes]int{
	decisive:   ReportAt,
	strong:     7,
	supporting: 1,
	weak:       1,
	doubtful:   -6,
	excluding:  -ReportAt - 1,
}

// Free reports whether the weight of the class is chosen by measurement.
func (c Class) Free() bool { return c != decisive && c != excluding }

// Sign is one fact about whether data is lost when a file is overwritten in place.
type Sign struct {
	ID    string
	Class Class
	Text  string // why it matters

	reason Reason // of a finding that this sign is the heaviest of
	fact   fact
	unless fact // facts that take this one's weight away
}

// Weight returns the weight of the sign.
func (s Sign) Weight() int { return weights[s.Class] }

var signs = []Sign{
	{"parsed-back", decisive, "a reader in the package fails over half of the file", tornLoaded, parsedBack, 0},
	{"edited-in-place", decisive, "the old content is in memory alone while the new one is written", tornEdited, edited, 0},
	{"rename-fallback", decisive, "it replaces the file whole, and overwrites it in place if that fails", tornFallback, fallsBack, 0},
	{"read-back", strong, "the package reads the same path", tornRead, readBack, parsedBack | edited | healed},
	{"same-form", strong, "the package reads a path of the same form", tornRead, sameForm, parsedBack | readBack | healed},
	{"emptied", strong, "the file is opened with its content kept, and emptied later", tornState, emptied, edited},
	{"executable", strong, "a process that starts meanwhile executes half of the file", tornExecuted, executable, 0},
	{"marshalled", strong, "half a marshalled value does not parse", tornState, encoded, 0},
	{"user-directory", supporting, "configuration, state and caches lie there", tornState, userDir, 0},
	{"system-directory", supporting, "configuration and state of the system lie there", tornState, systemDir, 0},
	{"private", supporting, "files that only their owner may read hold credentials and state", tornState, private, 0},
	{"read-before", weak, "the file is read before it is overwritten", tornState, looked, edited},
	{"atomic-elsewhere", weak, "the package replaces other files whole", tornState, atomicKnown, 0},
	{"healed", doubtful, "its readers take a damaged file for none", tornRemade, healed, 0},
	{"argument", doubtful, "a file that the user named can be made again", tornRemade, fromArgument, edited | parsedBack | fallsBack},
	{"working-directory", doubtful, "a tool that works on the user's files writes there", tornRemade, fromWorkDir, parsedBack | fallsBack},
	{"temporary-directory", doubtful, "nothing that lasts lies there", tornRemade, fromTempDir, 0},
	{"mounted-later", doubtful, "it is mounted for its reader when it is complete", tornRemade, mountedLater, 0},
	{"constant-content", doubtful, "the content is a constant", tornRemade, fixedContent, parsedBack | edited},
	{"public-half", doubtful, "the private half of the key pair has it as well", tornRemade, derived, edited},
	{"directory-moved-later", excluding, "its directory is renamed when it is complete", tornRemade, movedLater, 0},
	{"directory-just-made", excluding, "its directory did not exist before, so nothing is lost", tornRemade, madeFirst, 0},
	{"unique-name", excluding, "the name is new each time, so nothing is lost", tornRemade, uniqueName, 0},
}

// Signs returns the table of signs, for the command that chooses the weights.
func Signs() []Sign { return slices.Clone(signs) }

// weighing is the sum of the signs of an overwrite, and those that count.
type weighing struct {
	sum   int
	signs []Sign
}

// weigh adds up the signs of facts.
func weigh(facts fact) weighing {
	var w weighing
	for _, s := range signs {
		if facts&s.fact != 0 && facts&s.unless == 0 {
			w.sum += s.Weight()
			w.signs = append(w.signs, s)
		}
	}
	return w
}

// reason returns the reason of an overwrite: that of the heaviest sign for it, or
// against it if they outweigh the others.
func (w weighing) reason() Reason {
	var lead Sign
	heaviest := 0
	for _, s := range w.signs {
		weight := s.Weight()
		if w.sum < StrictAt {
			weight = -weight // of those against it
		}
		if weight > heaviest {
			lead, heaviest = s, weight
		}
	}
	switch {
	case w.sum >= ReportAt:
		return lead.reason
	case w.sum >= StrictAt:
		return tornMaybe
	case lead.ID != "":
		return tornRemade
	}
	return tornUnread
}
