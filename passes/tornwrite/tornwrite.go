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
	Doc: `os.WriteFile and os.Create truncate a file first and write afterward. If the program
crashes, is killed or fails to write in between, for example because the disk is full,
the file stays empty or incomplete and its old content is lost. A process that reads the
file in that moment sees part of it. For a configuration, token, state or history file
this loses the data: the next start finds a file that does not parse.

Before:

	return os.WriteFile(path, data, 0o600)

After:

	return atomicfix.WriteFile(path, data, 0o600)

atomicfix.WriteFile writes to a temporary file in the same directory, syncs it, and
renames it over the old one. A reader sees either the old content or the new content.
The mode, the owner and symbolic links are preserved. To do this by hand, call
os.CreateTemp in the directory of the target, Write, Sync, Close and os.Rename, and check
each error.`,
	Fix: `os.WriteFile becomes WriteFile of the helper package. os.Create, and os.OpenFile with
O_TRUNC, become its Create if the file is written and closed in one function. The fix
adds a Commit after the last write, or at each successful exit of the function.`,
	Silence: `Most files that are overwritten can be generated again, so this pass weighs what it
knows about each file. Names of files, fields and functions do not count. These signs are
for a finding:

  - A function of the package reads the same file. It counts more if that function parses
    the content and fails on a partial file.
  - The new content is computed from the old content, which is only in memory during the
    write.
  - The file is written in place because a rename onto it failed.
  - The content is marshaled, the mode is 0600, or the file may be executed.
  - The file is in a user's directory for configuration, state or caches, or in a
    directory such as /etc or /var/lib.

These signs are against a finding:

  - The path comes from the command line, and nothing reads the file back.
  - The path is in the working directory or in the directory for temporary files.
  - The readers treat a damaged file as absent, as for a cache.
  - The directory was created just before, or is renamed when it is complete.
  - The name contains the time or a random part.
  - The content is constant.

Functions of other packages that read the file count as well if all packages are analyzed
together, as the command line does. go vet, gopls and golangci-lint analyze one package at a
time and do not know who else reads the file. Both packages must name the file by the same
field, variable, function or exported constant, or by the same absolute path.

If a helper function writes a file whose path is a parameter, its callers in the package
determine what the file is. For a helper in another package, the call is reported, once
per file.

For example, the pass reports save because load exists, and never reports report:

	func (s *store) load() error {
		text, err := os.ReadFile(s.path)
		if err != nil {
			return err
		}
		return json.Unmarshal(text, &s.items)
	}

	func (s *store) save(text []byte) error { return os.WriteFile(s.path, text, 0o644) }

	func report(text []byte) error { return os.WriteFile(flag.Arg(1), text, 0o644) }

The pass is silent if a file is written under another name and renamed, opened for
appending, created exclusively, left empty, or a kernel file.

Suppress a finding if the file can be generated again at any time and every reader can
handle a partial file.`,
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
	a := pass.New(s, Rule, message, fixes)
	s.Keeps(race.TornWrite, keep)
	return a
}

func message(s *pass.Speaker, f *race.Finding) string {
	if f.Aspect == race.Gap {
		return fmt.Sprintf("%s comes after %s moved the file away: a reader in between finds no file, and a crash leaves none", s.Op(f.Use), s.On(f.Check))
	}
	if f.Reason.ID == "torn-under-lock" {
		return fmt.Sprintf("%s truncates the file before it writes: the lock keeps readers out, but a crash or a full disk leaves an empty or partial file", writer(s, f.Use))
	}
	return fmt.Sprintf("%s truncates the file before it writes: a reader in between sees an empty or partial file, and a crash or a full disk leaves one", writer(s, f.Use))
}

// writer names what writes, and where that is if it is in another module.
func writer(s *pass.Speaker, op *pathops.Op) string {
	if op.Via == nil || op.Via.Pkg() == nil {
		return s.Op(op)
	}
	return s.Op(op) + " of " + op.Via.Pkg().Path()
}
