package walkrace

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
	Name:     "walkrace",
	Title:    "an entry of a directory tree is changed or opened by its path",
	CWE:      []int{367, 59},
	Severity: 6.3,
	Doc: `filepath.Walk, filepath.WalkDir and os.ReadDir return the entries of a directory at the time
when they read it. Before the program uses an entry by its path, a user who can write to
the tree can replace the entry, or a directory above it, with a symbolic link. os.Chmod,
os.Chown and os.WriteFile follow the link and change a file outside the tree, with the
rights of the program. os.Remove removes a file in another directory. A cleanup or an
installation that runs as root in a directory where other users can write gives them its
rights. What the program checked about the entry earlier, for example that it is not a link
or not too large, may no longer be true either.

Before:

	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return os.Chmod(path, 0o640)
	})

After:

	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	err = fs.WalkDir(root.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return root.Chmod(path, 0o640)
	})

The methods of os.Root also look up the path again, but cannot leave the directory. To act
only on the entry that was found, open it and compare it with os.SameFile. To change an
owner, use os.Lchown, which does not follow a link in the last element.`,
	Fix: `There is no automatic fix: only the author can decide which directory to open, and for how
long.`,
	Silence: `By default, the pass reports

  - a change of mode, owner or content in a walk that gives the tree to another user, who can
    create links there during the walk
  - a removal of old entries that fails, together with the whole walk, if another process
    removes one of them first

In strict mode (-walkrace.strict) it also reports the following. The code does not show
whether other users can write to the tree.

  - other changes of mode, owner and content
  - removals during a walk
  - removals of listed entries that make the whole run fail
  - an open that depends on the type or size of the entry, or whose file is written back

The pass supports the walk functions of filepath, io/fs, afero, fastwalk and godirwalk, and
listings by os.ReadDir, Readdirnames and filepath.Glob, also through a function of the
program that returns paths.

It is silent even in strict mode

  - for statistics and other plain reads
  - for a file that is opened and closed only to test whether that is possible
  - for a removal of the entries of one directory, which follows no link, if fs.ErrNotExist
    is not an error
  - for an entry beneath an os.Root
  - for trees below the user's own directories, the working directory or a temporary
    directory of the program itself
  - for an open with O_NOFOLLOW, or one whose file is compared by os.SameFile

Suppress a finding if only the program's own user can write to the tree.`,
	References: []rule.Reference{
		{Title: "The Go blog: traversal-resistant file APIs", URL: "https://go.dev/blog/osroot"},
		{Title: "fchmodat(2) and AT_SYMLINK_NOFOLLOW, in chmod(2)", URL: "https://man7.org/linux/man-pages/man2/chmod.2.html"},
		{Title: "CVE-2018-6954, systemd-tmpfiles: links among the directories of what it changes the owner of", URL: "https://nvd.nist.gov/vuln/detail/CVE-2018-6954"},
		{Title: "CVE-2022-21658, Rust: an entry of a tree was replaced by a link while the tree was removed", URL: "https://blog.rust-lang.org/2022/01/20/cve-2022-21658.html"},
	},
}

// Analyzer is the pass with the default settings, for programs that run analyzers of
// many origins, such as multichecker or nogo.
var Analyzer = New(pass.Default)

// New returns the pass as one of the suite s.
func New(s *pass.Suite) *analysis.Analyzer {
	return pass.New(s, Rule, message, byHand)
}

func message(s *pass.Speaker, f *race.Finding) string {
	walk := s.On(f.Check)
	if f.Aspect == race.Vanished {
		return fmt.Sprintf("%s fails the whole run if another process removes the entry that %s found: treat fs.ErrNotExist as success", s.Op(f.Use), walk)
	}
	switch f.Use.Effect {
	case fsapi.Open:
		if f.Reason.ID == "writes-back-entry" {
			return fmt.Sprintf("%s may read a different file than the entry that %s found, and the program writes the content back: use os.Root, which cannot leave the directory", s.Op(f.Use), walk)
		}
		return fmt.Sprintf("%s may open a different file than the entry that %s found: use os.Root, which cannot leave the directory", s.Op(f.Use), walk)
	case fsapi.Remove, fsapi.RemoveAll:
		return fmt.Sprintf("%s removes a file elsewhere if a symbolic link replaces a directory that %s has passed: use os.Root, which cannot leave the directory", s.Op(f.Use), walk)
	}
	if f.Reason.ID == "removes-below-link" {
		return fmt.Sprintf("%s changes a file elsewhere if a symbolic link replaces a directory that %s has passed: use os.Root, which cannot leave the directory", s.Op(f.Use), walk)
	}
	return fmt.Sprintf("%s changes a different file if a symbolic link replaces the entry that %s found: use os.Root, which cannot leave the directory", s.Op(f.Use), walk)
}
