package tempname

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
	Name:     "tempname",
	Title:    "a temporary file has a predictable name, or is in the wrong directory for its rename",
	CWE:      []int{377, 379, 367},
	Severity: 6.3,
	Doc: `All users of a machine can create files in the directory for temporary files. If other
users can predict a name there, because it is constant or made from the time and the
process ID, they can take it first:

  - With a symbolic link, the program truncates or fills a file elsewhere, with its own
    rights.
  - With a file that another user keeps open, that user reads what the program writes.
  - With a directory, its owner can replace whatever the program puts there.

Only O_EXCL, or an os.Mkdir that treats an existing directory as an error, guarantees that
the program came first.

The same is true if a program creates a temporary file with os.CreateTemp, removes it, and
creates something else under its name. After the removal the name is free, and other users
know it.

A temporary file that will be renamed should be in the directory of its target. The
directory for temporary files is often on a separate file system, and rename(2) does not
work across file systems: the program works on one machine and fails on another.

Before:

	f, err := os.Create(filepath.Join(os.TempDir(), "app.log"))

After:

	f, err := os.CreateTemp("", "app-*.log")

Before:

	f, err := os.CreateTemp("", "config-*")
	...
	return os.Rename(f.Name(), path)

After:

	return atomicfix.WriteFile(path, data, 0o644)

Alternatively, call os.CreateTemp(filepath.Dir(path), ".config-*"), and check the error of
Sync before Close and os.Rename. For several files, use a directory of os.MkdirTemp, in
which any name is safe.`,
	Fix: `A temporary file of os.CreateTemp that is renamed is created in the directory of its
target. A name that ends in a constant gets a random part, if only this function knows the
name and renames or removes the file. In both cases the fix removes the file at every exit
of the function where it was not renamed.`,
	Silence: `The pass is silent

  - for names with a random part, and for O_EXCL
  - below a directory of os.MkdirTemp or of a test
  - for a rename that falls back to a copy if it fails
  - for a log file that is moved away (name to name + ".1")
  - for a temporary file that a helper function opens again and syncs

In strict mode it also reports

  - a directory in the shared one that is accepted if it exists, by os.MkdirAll or by an
    os.Mkdir that accepts fs.ErrExist
  - a name in the shared directory that is only used if no other directory is known
  - a name that the program freed
  - a temporary file whose name is derived from its target's (path + ".tmp", a process
    ID): two processes write to the same file and publish a mixture
  - a rename of a file that was written and not synced, which a crash may leave empty
  - a Sync whose error is ignored

Suppress a finding if the machine has one user, or if the directory for temporary files
belongs only to the program.`,
	References: []rule.Reference{
		{Title: "mkstemp(3)", URL: "https://man7.org/linux/man-pages/man3/mkstemp.3.html"},
		{Title: "open(2): O_EXCL, O_TMPFILE", URL: "https://man7.org/linux/man-pages/man2/open.2.html"},
		{Title: "systemd: using /tmp/ and /var/tmp/ safely", URL: "https://systemd.io/TEMPORARY_DIRECTORIES/"},
		{Title: "CVE-2024-45339, golang/glog: a log file of a name that others can foresee", URL: "https://github.com/advisories/GHSA-6wxm-mpqj-6jpf"},
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
	use := s.Op(f.Use)
	switch f.Aspect {
	case race.Aside:
		return fmt.Sprintf("%s writes to a temporary file whose name is derived from the target's: two processes write to the same one", use)
	case race.Elsewhere:
		return fmt.Sprintf("%s moves a temporary file to another directory, which fails if that directory is on another file system", use)
	case race.Unsynced:
		return fmt.Sprintf("%s publishes a file that was not synced: a crash may leave it empty", use)
	case race.SyncError:
		return fmt.Sprintf("the error returned by %s is ignored: a failed write to disk goes unnoticed", use)
	}
	switch f.Reason.ID {
	case "name-freed":
		return fmt.Sprintf("%s reuses the name that %s freed: another user can take it first", use, s.On(f.Check))
	case "name-freed-fails":
		return fmt.Sprintf("%s reuses the name that %s freed, and fails if another process takes it first", use, s.On(f.Check))
	}
	return fmt.Sprintf("%s %s: %s", use, foreseen(f.Reason.ID), taken(f.Use.Effect))
}

// foreseen says who knows the name of a temporary, by the ID of the reason.
func foreseen(reason string) string {
	switch reason {
	case "name-maybe-foreseen":
		return "uses a name in the shared temporary directory that other users may be able to predict"
	case "fallback-name-foreseen":
		return "falls back to a name in the shared temporary directory that other users can predict"
	}
	return "uses a name in the shared temporary directory that other users can predict"
}

// taken says what an operation does if another user takes the name first.
func taken(effect fsapi.Effect) string {
	switch effect {
	case fsapi.MakeDir, fsapi.MakeDirAll:
		return "it accepts a directory that another user created first"
	case fsapi.CreateKeep:
		return "another user can create a file or link there first, which it writes to"
	}
	return "another user can create a file or link there first, which it truncates"
}
