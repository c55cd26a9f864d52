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
	Doc: `filepath.Walk, filepath.WalkDir and os.ReadDir tell what was in a directory when
they read it. By the time the program does something to an entry by its path,
whoever may write to the tree can have replaced the entry, or a directory above
it, by a symbolic link: os.Chmod, os.Chown and os.WriteFile follow it, and
change a file outside of the tree, with the rights of the program; os.Remove
removes one in another directory. A cleaner or an installer that runs as root
over a directory that others write to gives them its rights. What was found of
the entry before, that it is no link or not too large, is not true any more
either.

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

A method of os.Root looks the path up anew, too, but cannot leave the directory.
To keep to the entry that was found, open it and compare with os.SameFile. For
a change of owner, os.Lchown does not follow the entry itself.`,
	Fix: `There is no automatic fix: which directory is to be opened, and for how long, is
for the author to say.`,
	Silence: `By default it reports a change of mode, owner or content in a walk that
gives the tree to another user, who can put links there while the walk goes on; and a
removal of old entries that fails, and the whole walk with it, when another process
has removed one of them first. Strict mode (-walkrace.strict) has the rest, since
whether anybody else may write to the tree cannot be seen in the code: other changes
of mode, owner and content; removals within a walk, and those of listed entries that
fail the whole run; and of the opens those that the type or the size of the entry
decides about, or whose file is written back. It knows the walkers of filepath,
io/fs, afero, fastwalk and godirwalk, and listings by os.ReadDir, Readdirnames and
filepath.Glob, in a function of the program that returns paths, too. Silent even
there: statistics, and other plain reading; a file that is only opened and closed, to
see whether that can be done; removals of the entries of one directory, where no link
is followed and fs.ErrNotExist is no failure; an entry beneath an os.Root; trees below
the user's own directories, the working directory or a temporary of the program's own;
an open with O_NOFOLLOW, or one whose file is compared with os.SameFile.

Suppress it where only the program's own user can write to the tree.`,
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
	return pass.New(s, Rule, message, nil)
}

func message(s *pass.Speaker, f *race.Finding) string {
	walk := s.On(f.Check)
	if f.Aspect == race.Vanished {
		return fmt.Sprintf("%s fails the whole run if the entry that %s has found vanishes before: fs.ErrNotExist is no failure here", s.Op(f.Use), walk)
	}
	switch f.Use.Effect {
	case fsapi.Open:
		return fmt.Sprintf("%s may open another file than the entry that %s has found: os.Root cannot leave the directory", s.Op(f.Use), walk)
	case fsapi.Remove, fsapi.RemoveAll:
		return fmt.Sprintf("%s removes elsewhere if a directory that %s has passed is a link by then: os.Root cannot leave the directory", s.Op(f.Use), walk)
	}
	return fmt.Sprintf("%s changes another file if the entry that %s has found is a link by then: os.Root cannot leave the directory", s.Op(f.Use), walk)
}
