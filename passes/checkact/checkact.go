package checkact

import (
	"fmt"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/pass"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/rule"
)

// Rule describes the pass.
var Rule = rule.Rule{
	Name:     "checkact",
	Title:    "a path is checked, then removed, renamed, executed or changed based on the result",
	CWE:      []int{367, 363},
	Severity: 6.3,
	Doc: `A program checks a path, and the result decides what it does with the path: it removes,
renames or executes the file, connects to it, or changes its mode or owner. By then the
path may name a different object, or nothing. This causes three kinds of bugs.

A removal fails although its goal is reached. The check handles absence, but if another
process removes the file in between, os.Remove returns an error and the program fails.

The program acts on a different object than the one it checked. For example:

  - It finds a stale lock, the lock of a dead process, an empty file or directory, or a
    socket without a listener, and removes it. Another process has replaced the object in
    the meantime and loses its own.
  - An exclusive creation fails, and the cleanup removes the file of the process that won.
  - It executes a file that was replaced after its owner or mode was checked.
  - It computes a mode from os.Stat and sets it on a different file (CVE-2025-26625).
  - It calls chmod by path after chown, and follows a link that the new owner put there
    (CVE-2015-1340).

Removing a lock file breaks the lock. With flock(2) the lock belongs to the file, not to
its name. A process that waits for the lock gets it on a file without a name, a third
process creates and locks a new file, and both continue. This happens even if the lock is
still held during the removal.

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

For a lock, use flock(2) on a file that is never removed: it makes checks of the age
unnecessary. To take over a stale lock or socket, first rename it to a unique name, which
only one process can do, and then check it again. To change the mode of an existing file,
open it and call (*os.File).Chmod.`,
	Fix: `The fix makes an os.Remove treat fs.ErrNotExist as success. If the program may remove a
different object than the one it checked, there is no automatic fix: only the author can
decide who owns the object.`,
	Silence: `The pass is silent

  - if the error is ignored, only logged, or compared with fs.ErrNotExist
  - if absence is also an error at the check
  - for os.RemoveAll, which accepts absence
  - while a file lock is held
  - for temporary files of the program itself
  - for a program found by exec.LookPath
  - for a connection after whose failure the program continues
  - for a lock file, if the code that takes the lock compares the open file with the file
    at its path (os.SameFile)

In strict mode it also reports

  - a rename, a change of mode or owner, or a connection that fails if the file is gone
  - a removal that only makes room for a new file
  - a removal under a mutex, which does not keep other processes out
  - a removal by age without a lock, or by the content that was read before
  - an os.Remove of what was found to be a directory
  - a removal of a socket before listening
  - a file that is moved away before another one takes its place
  - a removal of a file that is locked with flock(2), or of its directory

Suppress a finding if only one process can ever use the path.`,
	References: []rule.Reference{
		{Title: "unlink(2): removes a name, whatever it refers to by then", URL: "https://man7.org/linux/man-pages/man2/unlink.2.html"},
		{Title: "flock(2)", URL: "https://man7.org/linux/man-pages/man2/flock.2.html"},
		{Title: "SEI CERT C, FIO45-C: avoid TOCTOU race conditions while accessing files", URL: "https://wiki.sei.cmu.edu/confluence/display/c/FIO45-C.+Avoid+TOCTOU+race+conditions+while+accessing+files"},
		{Title: "CVE-2022-21658, Rust: a directory was replaced by a link before its removal", URL: "https://blog.rust-lang.org/2022/01/20/cve-2022-21658.html"},
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
		return fmt.Sprintf("%s removes the socket of another process, which can start listening after %s", use, check)
	case fsapi.CreateExclusive:
		return fmt.Sprintf("%s removes a file that another process created: %s failed because the file already existed", use, check)
	case fsapi.SetOwner:
		return fmt.Sprintf("%s follows a symbolic link that the new owner can put at the path after %s", use, check)
	case fsapi.Remove, fsapi.Move:
		if f.Use.Effect == fsapi.Listen {
			return fmt.Sprintf("%s takes over a name that another process may have been listening on before %s", use, check)
		}
		return fmt.Sprintf("%s comes after %s: another process finds nothing at the path in between", use, check)
	}
	if f.Aspect != race.Existence {
		return trusts(f, use, check)
	}
	fails, object := "fails", "file"
	if f.Use.Effect == fsapi.Exec {
		object = "program"
	}
	if f.Reason.ID == "acts-on-vanished-forwarded" {
		fails = "may fail"
	}
	return fmt.Sprintf("%s %s if another process removes the %s after %s, which handles its absence", use, fails, object, check)
}

// trusts words an act on what may be another object than the one that was
// inspected.
func trusts(f *race.Finding, use, check string) string {
	switch {
	case f.Aspect == race.Lock:
		return fmt.Sprintf("%s removes the file that %s locks: a process that waits for the lock gets it on the removed file, and another process can create and lock a new one", use, check)
	case f.Aspect == race.Entries:
		return fmt.Sprintf("%s removes files that another process creates in the directory after %s found it empty", use, check)
	case f.Use.Effect == fsapi.Exec:
		return fmt.Sprintf("%s may run a different program than the one whose %s was checked by %s", use, f.Aspect, check)
	case f.Use.Effect == fsapi.SetMode, f.Use.Effect == fsapi.SetOwner:
		return fmt.Sprintf("%s applies the mode or owner that %s returned, but the path may name a different file by then", use, check)
	case strings.HasPrefix(f.Reason.ID, "removes-written"):
		return fmt.Sprintf("%s removes what another process writes to the file after %s found it empty", use, check)
	case f.Aspect == race.Answer:
		return fmt.Sprintf("%s may remove a different file than the one that %s read", use, check)
	}
	return fmt.Sprintf("%s may remove a different file than the one whose %s was checked by %s", use, f.Aspect, check)
}
