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
	Title: "a path is checked, then opened, and the outcome differs if it changes in between",
	CWE:   []int{367},
	Doc: `A program checks a file with os.Stat and handles its absence without an error: it
uses a default, skips an entry, or returns early. If the file exists, the program opens
it, and an error of the open is an error of the program. Another process may rename or
remove the file between the two calls. The program then fails, although it has code for
an absent file.

The same race affects other properties that the check restricts: a limit on the size, a
required mode or owner, a regular file. The open looks up the path again and may find a
different file than the one that was checked.

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

To check a property, open the file first and call f.Stat, which describes the file that
will be read. atomicfix.OpenStat does both. atomicfix.OpenRegular also rejects anything
but a regular file, and does not block on a FIFO.`,
	Fix: `If the open fails with fs.ErrNotExist, the fix repeats the branch that the check takes
for an absent file. If the check restricts a property, the fix checks that property of
the open file.`,
	Silence: `The pass is silent if the outcome is the same either way:

  - Absence is an error at both the check and the open, so the check only improves the
    error message.
  - The error of the open is handled, logged or ignored.
  - The open runs whether or not the check finds the file.

It is also silent

  - if the result of the check is only used in a message, a progress bar or a cache key
  - if IsDir selects between two ways to proceed
  - if os.SameFile compares the opened file with the checked one
  - while a file lock is held
  - for temporary files of the program itself
  - below /proc, /sys and /dev

In strict mode it also reports a check of the file type that follows links. Such a check
often only selects between kinds of files.

Suppress a finding if the file can only vanish together with the program, for example if
both are installed together, or if no other process changes the file while the program
runs.`,
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
	use, check := s.Op(f.Use), s.On(f.Check)
	switch {
	case f.Reason.ID == "makes-other-type":
		return fmt.Sprintf("%s creates a regular file if another process removes the device, pipe or socket after %s", use, check)
	case f.Aspect == race.Metadata:
		return fmt.Sprintf("%s may open a different file than the one whose metadata %s returned", use, check)
	case f.Aspect != race.Existence:
		return fmt.Sprintf("%s may open a different file than the one whose %s was checked by %s", use, f.Aspect, check)
	}
	object := "file"
	if f.Use.Effect == fsapi.List {
		object = "directory"
	}
	return gone(f.Reason.ID, use, object, check)
}

// gone says what comes of an object that another process removes between check and
// use, by the ID of the reason.
func gone(reason, use, object, check string) string {
	switch reason {
	case "opens-vanished-exit-code":
		return fmt.Sprintf("%s fails with a different exit code than %s if another process removes the %s in between", use, check, object)
	case "opens-vanished-detour":
		return fmt.Sprintf("%s fails if another process removes the %s after %s: without it, the program takes a different route, which may succeed", use, object, check)
	case "opens-vanished-checked", "opens-vanished-forwarded", "opens-vanished-by-callee":
		return fmt.Sprintf("%s may fail if another process removes the %s after %s, which handles its absence", use, object, check)
	}
	return fmt.Sprintf("%s fails if another process removes the %s after %s, which handles its absence", use, object, check)
}
