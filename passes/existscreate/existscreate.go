package existscreate

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
	Name:     "existscreate",
	Title:    "a path is found absent, then created over a file that may exist by then",
	CWE:      []int{367, 59},
	Severity: 4.7,
	Doc: `A program checks that nothing exists at a path, and then creates a file or directory
there. In between, something may have been created: by a second instance of the program
that was started at the same time, or by an attacker who puts a symbolic link there.

  - os.Create and os.WriteFile truncate the new file, also through a symbolic link.
  - Two instances that both find no key generate two keys, and one of them continues with
    a key that is no longer in the file.
  - os.Mkdir fails if the directory exists by then, although the program would have
    accepted it a moment earlier.

A load that fails, followed by a creation, is such a check as well.

Before:

	if _, err := os.Stat(path); err == nil {
		return errExists
	}
	return os.WriteFile(path, data, 0o600)

After:

	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return errExists
	}

With O_EXCL the kernel checks and creates in one step. atomicfix.WriteFileExcl also
writes all of the content before the file appears under its name. For a directory, call
os.Mkdir first and treat fs.ErrExist as success, or call os.MkdirAll.`,
	Fix: `The fix creates the file exclusively. On fs.ErrExist, the program does what it does if
the check finds the file.

  - os.Create and os.OpenFile get os.O_EXCL, or become CreateExcl of the helper package,
    which shows the file only when it is complete.
  - os.WriteFile becomes WriteFileExcl of the helper package.
  - An open that only creates an empty file no longer truncates it.
  - After os.Mkdir, the fix handles a directory that was created in between.
  - A file that the check finds and does not reject, such as an expired lock, is replaced
    as before.

If a function without other callers creates the file, the fix changes that function.`,
	Silence: `The pass is silent

  - if the use is exclusive or accepts an existing object, for example O_EXCL,
    os.MkdirAll, or os.Link as a claim
  - if the file is created whether or not the check finds it
  - if the callee checks again: the race is reported there
  - while a file lock is held
  - for temporary files of the program itself

In strict mode it also reports

  - a use that replaces the file atomically, or writes into it without truncating it
  - a rename over a file that the check rejects
  - a race that only another process can cause, because a mutex is held
  - a file whose size is checked before it is truncated, for example against a quota

Suppress a finding if no other user or process can create the path: in a directory that
belongs only to this process, or if an outer lock guarantees a single instance.`,
	References: []rule.Reference{
		{Title: "open(2): O_EXCL, and what it says of links", URL: "https://man7.org/linux/man-pages/man2/open.2.html"},
		{Title: "mkdir(2): EEXIST", URL: "https://man7.org/linux/man-pages/man2/mkdir.2.html"},
		{Title: "SEI CERT C, FIO45-C: avoid TOCTOU race conditions while accessing files", URL: "https://wiki.sei.cmu.edu/confluence/display/c/FIO45-C.+Avoid+TOCTOU+race+conditions+while+accessing+files"},
		{Title: "CVE-2020-1733, Ansible: another user's directory was mistaken for the new one", URL: "https://nvd.nist.gov/vuln/detail/CVE-2020-1733"},
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
	if f.Aspect == race.Size {
		return fmt.Sprintf("%s may overwrite a different file than the one whose size was checked by %s", s.Op(f.Use), check)
	}
	if f.Reason.ID == "truncates-begun" {
		return fmt.Sprintf("%s truncates what another process has written to the file since %s", s.Op(f.Use), check)
	}
	switch f.Use.Effect {
	case fsapi.MakeDir:
		return fmt.Sprintf("%s fails if another process creates the directory after %s", s.Op(f.Use), check)
	case fsapi.MakeDirAll:
		return fmt.Sprintf("%s accepts a directory that another process creates after %s, which rejects one", s.Op(f.Use), check)
	case fsapi.Link:
		return fmt.Sprintf("%s fails if another process creates the path after %s", s.Op(f.Use), check)
	case fsapi.Replace, fsapi.CreateAtomic:
		return fmt.Sprintf("%s replaces a file that another process creates after %s", s.Op(f.Use), check)
	case fsapi.CreateKeep:
		return fmt.Sprintf("%s writes into a file that another process creates after %s", s.Op(f.Use), check)
	}
	return fmt.Sprintf("%s truncates a file that another process creates after %s", s.Op(f.Use), check)
}
