package checkact

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
	Name:     "checkact",
	Title:    "a path is inspected, then removed, renamed, executed or changed on the strength of what was found",
	CWE:      []int{367, 363},
	Severity: 6.3,
	Doc: `A path is looked at, and what was found decides on what is done to it: it is
removed, renamed, executed, connected to, or gets another mode or owner. By then
it may name another object, or none. Two kinds of harm come of it.

A removal fails although its goal is reached: absence is fine at the check, but
where another process removes the file in between, os.Remove returns an error
and the program fails.

Another object is removed than the one that was judged: a lock is found old, its
process dead, a file or a directory empty, a socket without a listener; another process has
replaced it in the meantime, and loses its own. A program that removes a file
for cleanup after an exclusive creation that it has lost removes the winner's.
In the same way a program is executed by a name that has become another's since
its owner or mode was checked; a mode computed from an os.Stat is set on another file
(CVE-2025-26625); and a chmod by path after a chown follows a link that the new owner
has put there (CVE-2015-1340).

A lock file that is removed loses its lock. Under flock(2) the lock is of the file,
not of the name: a process that waits for it gets it on a file without a name, a
third one makes a new file and locks that, and both go on. It makes no difference
whether the lock is still held at the removal.

Before:

	if _, err := os.Stat(path); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	return os.Remove(path)

After:

	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil

For a lock, flock(2) on a file that is never removed needs no judgement of its
age. A stale lock or socket that must be taken over is first renamed to a name
of one's own, which only one process can do, then looked at once more. The mode
of an existing file is changed through the open file, (*os.File).Chmod.`,
	Fix: `An os.Remove takes fs.ErrNotExist for success. Where
another object may be removed than the one that was judged, there is no automatic
fix: whose it is, is for the author to say.`,
	Silence: `In strict mode (-checkact.strict) also: a rename, a change of mode or owner, or
a connection that fails over what has vanished; a removal that only makes room
for what is created next; one under a mutex, which holds in one process alone; a
removal by age without a lock; os.Remove of what was found to be a directory;
removing a socket before listening; moving a file away before another takes its
place; removing the file of a flock(2), or the directory that it is in.

It is silent where the error is ignored or only logged, or where it is held
against fs.ErrNotExist; where absence is a failure at the check as well; for
os.RemoveAll, which is content with absence; while a file lock is held; for
temporaries of the program's own; for a program found by exec.LookPath; for a
connection after whose failure the program goes on; for a lock file where whoever
takes the lock compares the open file with the one of the name (os.SameFile).

Suppress it where only one process can ever work on the path.`,
	References: []rule.Reference{
		{Title: "unlink(2): a name is removed, whatever it leads to by then", URL: "https://man7.org/linux/man-pages/man2/unlink.2.html"},
		{Title: "flock(2)", URL: "https://man7.org/linux/man-pages/man2/flock.2.html"},
		{Title: "SEI CERT C, FIO45-C: avoid TOCTOU race conditions while accessing files", URL: "https://wiki.sei.cmu.edu/confluence/display/c/FIO45-C.+Avoid+TOCTOU+race+conditions+while+accessing+files"},
		{Title: "CVE-2022-21658, Rust: a directory was found to be no link, then removed as one", URL: "https://blog.rust-lang.org/2022/01/20/cve-2022-21658.html"},
		{Title: "CVE-2015-1340, LXD: chmod by path after chown", URL: "https://github.com/advisories/GHSA-8mpq-fmr3-6jxv"},
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
	switch f.Check.Effect {
	case fsapi.Connect:
		return fmt.Sprintf("%s removes the socket of a process that listens after %s", use, check)
	case fsapi.CreateExclusive:
		return fmt.Sprintf("%s removes the file of whoever has won %s", use, check)
	case fsapi.SetOwner:
		return fmt.Sprintf("%s follows a link that the new owner puts there after %s", use, check)
	case fsapi.Remove, fsapi.Move:
		if f.Use.Effect == fsapi.Listen {
			return fmt.Sprintf("%s takes the name that another process may have listened on before %s", use, check)
		}
		return fmt.Sprintf("%s leaves a time after %s in which there is nothing at the path", use, check)
	}
	if f.Aspect != race.Existence {
		return trusts(f, use, check)
	}
	if f.Use.Effect == fsapi.Exec {
		return fmt.Sprintf("%s fails if the program vanishes after %s, which handles its absence", use, check)
	}
	return fmt.Sprintf("%s fails if the file vanishes after %s, which handles its absence", use, check)
}

// trusts words an act on what may be another object than the one that was
// inspected.
func trusts(f *race.Finding, use, check string) string {
	switch {
	case f.Aspect == race.Lock:
		return fmt.Sprintf("%s takes the name of the lock file of %s: who waits for that lock gets it without a name, and another process makes and locks a new file", use, check)
	case f.Aspect == race.Entries:
		return fmt.Sprintf("%s removes what somebody has put into the directory since %s found it empty", use, check)
	case f.Use.Effect == fsapi.Exec:
		return fmt.Sprintf("%s may run another program than the one whose %s was checked by %s", use, f.Aspect, check)
	case f.Use.Effect == fsapi.SetMode, f.Use.Effect == fsapi.SetOwner:
		return fmt.Sprintf("%s applies what %s has found to a file that may be another one by now", use, check)
	case f.Aspect == race.Answer:
		return fmt.Sprintf("%s may remove another file than the one that was read by %s", use, check)
	}
	return fmt.Sprintf("%s may remove another file than the one whose %s was checked by %s", use, f.Aspect, check)
}
