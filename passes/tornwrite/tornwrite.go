package tornwrite

import (
	"fmt"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/pass"
	"github.com/edcacfbd/toctou/internal/pathops"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/rule"
)

// Rule describes the pass.
var Rule = rule.Rule{
	Name:  "tornwrite",
	Title: "a file that will be read back is truncated and rewritten in place",
	CWE:   []int{662, 367},
	Doc: `os.WriteFile and os.Create truncate a file first and write afterwards. A crash, a
kill, a full disk or a failed write in between leaves it empty or cut short, and
the old content is gone; whoever reads it in that moment sees half of it. For a
configuration, a token, a state or a history that is the end of the data: the
next start finds a file that does not parse.

Before:

	return os.WriteFile(path, data, 0o600)

After:

	return atomicfix.WriteFile(path, data, 0o600)

It writes to a temporary file in the same directory, flushes it, and renames it
over the old one: a reader sees the old content or the new one, and nothing else.
Mode, owner and symbolic links stay as they are. By hand that is os.CreateTemp in
the directory of the target, Write, Sync, Close and os.Rename, with each error
looked at.`,
	Fix: `os.WriteFile becomes the helper's WriteFile. os.Create and os.OpenFile with
O_TRUNC, written to and closed in one function, become its Create, with a Commit
when the last of it is written, or on each way out that succeeds.`,
	Silence: `Most files that are overwritten can be made again, so this pass weighs what is
known of each one. Names of files, fields and functions do not count. For a finding:

  - A function of the package reads the same file; more, if it parses the content
    and fails over half of it.
  - The new content is made from the old one, which is in memory alone meanwhile.
  - The file is written in place because a rename onto it has failed.
  - Its content is marshalled, its mode is 0600, or it may be executed.
  - It lies in a user's directory for configuration, state or caches, or in one such
    as /etc or /var/lib.

Against one:

  - The path comes from the command line, and nothing reads the file back.
  - The path lies in the working directory or in the one for temporaries.
  - The readers take a damaged file for none: a cache.
  - The directory was made just before, or is renamed when it is complete.
  - The time or something random is in the name.
  - The content is a constant.

Where a helper writes a file whose path it is given, the callers in the package say
what the file is. For a helper in another package, the call is reported, once for
each file.

For example, save is reported if load is there, and report never is:

	func (s *store) load() error {
		text, err := os.ReadFile(s.path)
		if err != nil {
			return err
		}
		return json.Unmarshal(text, &s.items)
	}

	func (s *store) save(text []byte) error { return os.WriteFile(s.path, text, 0o644) }

	func report(text []byte) error { return os.WriteFile(flag.Arg(1), text, 0o644) }

This pass is silent where a file is written aside and renamed, opened to append,
created exclusively or left empty, and where it is a file of the kernel.

Suppress it where the file can be made again at any time and each reader copes
with half of one.`,
	References: []rule.Reference{
		{Title: "rename(2): a reader never finds the name missing", URL: "https://man7.org/linux/man-pages/man2/rename.2.html"},
		{Title: "fsync(2)", URL: "https://man7.org/linux/man-pages/man2/fsync.2.html"},
		{Title: "LWN: ensuring data reaches disk", URL: "https://lwn.net/Articles/457667/"},
		{Title: "All File Systems Are Not Created Equal: On the Complexity of Crafting Crash-Consistent Applications (OSDI 2014)", URL: "https://www.usenix.org/conference/osdi14/technical-sessions/presentation/pillai"},
		{Title: "golang/go#22397: why there is no such function in the standard library", URL: "https://github.com/golang/go/issues/22397"},
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
	if f.Aspect == race.Gap {
		return fmt.Sprintf("%s comes after %s has moved the file away: a crash or a reader in between finds none", s.Op(f.Use), s.On(f.Check))
	}
	return fmt.Sprintf("%s truncates the file before it writes: a crash, a full disk or a reader in between sees it empty or half-written", writer(s, f.Use))
}

// writer names what writes, and where that is if it is in another module.
func writer(s *pass.Speaker, op *pathops.Op) string {
	if op.Via == nil || op.Via.Pkg() == nil {
		return s.Op(op)
	}
	return s.Op(op) + " of " + op.Via.Pkg().Path()
}
