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
	Title:    "a temporary file has a name that others can foresee, or is not where it must be to be renamed",
	CWE:      []int{377, 379, 367},
	Severity: 6.3,
	Doc: `The directory for temporaries is shared: every user of the machine may create
files in it. A name there that others can foresee, because it is a constant or
made of the time and the process id, may be taken before the program takes it:
by a symbolic link, and the program truncates or fills a file elsewhere with its
own rights; by a file that somebody else keeps reading; by a directory whose
owner can replace whatever the program puts there. Only O_EXCL, or os.Mkdir with
an existing directory as an error, tells whether the program was first.

The same goes for the name of a temporary that os.CreateTemp has made and the
program has removed, to create something else under it: once removed, the name
is anybody's, and it is known.

And a temporary is to be in the directory of its target. The directory for
temporaries is often a file system of its own, and rename(2) does not go from one
to another: the program works on one machine and fails on the next.

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

or os.CreateTemp(filepath.Dir(path), ".config-*"), with a Sync whose error is
looked at before the Close and the os.Rename. Several files go into a directory
of os.MkdirTemp, in which any name will do.`,
	Fix: `A temporary of os.CreateTemp that is renamed is created in the directory of its
target. A name that ends in a constant gets a random part where nothing but the
function knows it, and where that renames or removes the file. Both are removed on
every way out.`,
	Silence: `In strict mode (-tempname.strict) also: a directory in the shared one that is taken
as it is found, by os.MkdirAll or by an os.Mkdir that is content with fs.ErrExist; a
name in the shared directory that is used only where the user has no directory of
his own; a name that the program has freed; a temporary whose name follows from its
target's (path + ".tmp", a process id), so that two processes write to the same one
and publish a mixture; a rename of what was written and not synced, which a crash may
leave empty; a Sync whose error is dropped.

It is silent for names of which a part is random, for O_EXCL, for everything
below a directory of os.MkdirTemp or of a test, for a rename whose failure leads to a
copy, for a log that is moved away (name to name + ".1"), and for a temporary that a
helper opens again and syncs.

Suppress it where the machine has one user, or the directory for temporaries is
known to be private to the program.`,
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
		return fmt.Sprintf("%s writes to a temporary whose name follows from its target's, and which two processes then share", use)
	case race.Elsewhere:
		return fmt.Sprintf("%s moves a temporary to another directory, which fails if that is on another file system", use)
	case race.Unsynced:
		return fmt.Sprintf("%s publishes a file that was not synced, which a crash may leave empty", use)
	case race.SyncError:
		return fmt.Sprintf("the error of %s is dropped, and with it the news that the content is lost", use)
	}
	if f.Check != nil {
		return fmt.Sprintf("%s takes the name that %s has freed, which anybody can have taken by then", use, s.On(f.Check))
	}
	switch f.Use.Effect {
	case fsapi.MakeDir, fsapi.MakeDirAll:
		return fmt.Sprintf("%s accepts a directory that another user has made under a name in the shared temporary directory", use)
	case fsapi.CreateKeep:
		return fmt.Sprintf("%s writes to what another user has put under a name in the shared temporary directory", use)
	}
	return fmt.Sprintf("%s truncates what another user has put under a name in the shared temporary directory", use)
}
