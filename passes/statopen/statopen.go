package statopen

import (
	"fmt"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/pass"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/rule"
)

// Rule describes the pass.
var Rule = rule.Rule{
	Name:  "statopen",
	Title: "a path is inspected, then opened, and the outcomes differ when it changes in between",
	CWE:   []int{367},
	Doc: `A program asks for a file with os.Stat, and does something harmless if it is
absent: it takes a default, skips an entry, returns without an error. If the
file is there it is opened, and a failure of the open is a failure of the
program. A file that vanishes between the two, since another process has renamed
or removed it, is then fatal, although the program knows what to do without it.
The same holds for what the check restricts: a limit on the size, a required
mode or owner, a regular file. The open looks the path up again, and may find
another file than the one that was measured.

Before:

	if _, err := os.Stat(path); os.IsNotExist(err) {
		return defaults(), nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}

After:

	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return defaults(), nil
	}
	if err != nil {
		return nil, err
	}

Where a property is checked, open first and ask the open file: f.Stat describes
the file that will be read. atomicfix.OpenStat does both, atomicfix.OpenRegular
refuses what is no regular file and does not hang on a FIFO.`,
	Fix: `The branch that the check takes for an absent file is repeated where the open
fails with fs.ErrNotExist; where a property was checked, the open file is asked
for it.`,
	Silence: `It is silent where the outcomes are the same: absence is an error at both ends,
so that the check only words it; the failure of the open is handled, logged or
ignored; the open runs whether or not the file was found. It is silent, too,
where the answer reaches only a message, a progress bar or a cache key, where
IsDir makes a choice, where os.SameFile compares what was opened with what was
found, where a file lock is held, in a temporary of the program's own, and below
/proc, /sys and /dev. In strict mode a check of the type that follows links is a
finding as well; it is often just a choice between kinds of files.

Suppress it where the file can only vanish together with the program: one that
is installed with it, or that no other process touches while it runs.`,
	References: []rule.Reference{
		{Title: "access(2), Notes: why a check before an open is a hole", URL: "https://man7.org/linux/man-pages/man2/access.2.html"},
		{Title: "SEI CERT C, FIO45-C: avoid TOCTOU race conditions while accessing files", URL: "https://wiki.sei.cmu.edu/confluence/display/c/FIO45-C.+Avoid+TOCTOU+race+conditions+while+accessing+files"},
		{Title: "CWE-367: time-of-check time-of-use race condition", URL: "https://cwe.mitre.org/data/definitions/367.html"},
	},
}

// Analyzer is the pass with the default settings, for programs that run analyzers of
// many origins, such as multichecker or nogo.
var Analyzer = New(pass.Default)

// New returns the pass as one of the suite s.
func New(s *pass.Suite) *analysis.Analyzer {
	return pass.New(s, Rule, message, fixes)
}

func message(s *pass.Speaker, f *race.Finding) string {
	check := s.On(f.Check)
	if f.Aspect != race.Existence {
		return fmt.Sprintf("%s may open another file than the one whose %s was checked by %s", s.Op(f.Use), f.Aspect, check)
	}
	object := "file"
	if f.Use.Effect == fsapi.List {
		object = "directory"
	}
	return fmt.Sprintf("%s fails if the %s vanishes after %s, which handles its absence", s.Op(f.Use), object, check)
}
