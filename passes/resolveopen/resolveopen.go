package resolveopen

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
	Name:     "resolveopen",
	Title:    "a path is found to be inside a directory, then used by its name",
	CWE:      []int{59, 367, 22},
	Severity: 6.3,
	Doc: `A program that must stay inside a directory often checks a path first and uses it later.
For example, it resolves the path with filepath.EvalSymlinks and compares the result with
the directory, or it calls os.Lstat for each element and rejects links. Then it opens,
creates, removes, mounts on or changes the path by its name. In between, a user who can
write to the tree can replace the file, or a directory above it, with a symbolic link. The
second lookup follows the link, and the program reads or overwrites a file outside.
Functions such as securejoin.SecureJoin and FollowSymlinkInScope return a path that is only
correct until the tree changes. If only the text is compared (strings.HasPrefix,
filepath.Rel, filepath.IsLocal), the link can exist from the start.

The check may be in a function or method of any analyzed package, which returns an error, a
bool, or the path itself, also in a field of a struct. The use may be of the checked path,
of a directory of it, of a file in it, or of its name joined to the directory again.
os.MkdirAll, os.Rename, os.Symlink and os.RemoveAll follow links in the directories above,
but not in the last element.

The same applies to a function that rejects a link, a wrong owner, mode or type before the
program reads from the path, writes to it, connects to it or executes it. In this case, open
the file first and check the open file.

In some trees a link may already exist, because another user created the tree: below the
root of a process in a container (/proc/PID/root), in the home directory of a user that the
program looked up, in the tree of another system. A file that the program creates, changes,
mounts on or gives away there by name may be outside the tree. The same is true for a file
that it creates below /dev as a mount point.

Before:

	real, err := filepath.EvalSymlinks(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	if !strings.HasPrefix(real, dir+"/") {
		return errOutside
	}
	return os.WriteFile(real, data, 0o600)

After:

	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	return root.WriteFile(name, data, 0o600)

The methods of os.Root reject a link that leads out of the directory at the moment of the
lookup. To read a single file, os.OpenInRoot(dir, name) is enough. An os.Root makes a single
operation safe, but does not combine two operations: a root.Stat and a root.Open may still
see two different files.`,
	Fix: `There is no automatic fix: only the author can decide which directory to open, and for how
long.`,
	Silence: `By default, the pass reports

  - a use after a check that resolves links or checks each element, and after SecureJoin and
    similar functions
  - a use after a function that rejects a link, an owner or a mode
  - a change below the root of another process
  - a file that is given away in the home directory of another user
  - a file that is created below /dev and left empty

In strict mode (-resolveopen.strict) it also reports

  - other uses in trees of other users, if the program mounts or changes owners
  - a use after a comparison of the text only, if the path is written, removed or renamed
  - a use after a function that rejects a type, which may only be a choice between types
  - a use after a check of the directory that contains the path
  - a link that the function itself rejects before it writes
  - a file that is mounted on by its name

It is silent even in strict mode

  - for a path that is resolved only to be shown, or that is not compared
  - for a check that rejects nothing, or selects one of two uses
  - for a comparison of the text only, if the file is only read or is created with O_EXCL
  - for the directory "/", which contains everything
  - for a path beneath an os.Root, or looked up by openat
  - for a temporary directory of the program itself
  - for an open with O_NOFOLLOW
  - for code that compares the opened file with the checked one by os.SameFile
  - for a call of a function that checks again: the race is in that function

The pass statopen reports an open after an os.Lstat in the same function.

Some published fixes do not remove the race, and the pass still reports their code. For
example, they make the check reject more (a dangling link, a sibling directory), or create
the directories safely and then mount by name.

Suppress a finding if only the program's own user can write to the tree: the user gains
nothing from such a link.`,
	References: []rule.Reference{
		{Title: "The Go blog: traversal-resistant file APIs", URL: "https://go.dev/blog/osroot"},
		{Title: "openat2(2): RESOLVE_BENEATH", URL: "https://man7.org/linux/man-pages/man2/openat2.2.html"},
		{Title: "filepath-securejoin: what SecureJoin does not promise", URL: "https://github.com/cyphar/filepath-securejoin"},
		{Title: "CVE-2021-30465, runc: a link put in after the path was found to be inside", URL: "https://github.com/opencontainers/runc/security/advisories/GHSA-c3xm-pvg7-gh7r"},
		{Title: "CVE-2018-15664, Docker: the same in docker cp", URL: "https://nvd.nist.gov/vuln/detail/CVE-2018-15664"},
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
	use := s.Op(f.Use)
	if f.Aspect == race.Foreign {
		return fmt.Sprintf("%s follows a symbolic link that the owner of the tree can put there: %s", use, beneath(f))
	}
	if f.Check == nil {
		return fmt.Sprintf("%s follows a symbolic link that the creator of the tree can put there: open it with O_NOFOLLOW, and use only the descriptor from then on", use)
	}
	check := s.On(f.Check)
	switch f.Aspect {
	case race.Placeholder:
		return fmt.Sprintf("%s may act on a different object than the one that %s created: keep that open, and mount on /proc/self/fd", use, check)
	case race.Type:
		return fmt.Sprintf("%s follows a symbolic link that replaces the file after %s, which rejects links: %s", use, check, openFirst(f))
	case race.Directory:
		return fmt.Sprintf("%s may act in a different directory than the one that %s checked: open the directory with os.OpenRoot, and check the Root", use, check)
	case race.Mode, race.Owner:
		return fmt.Sprintf("%s may act on a different object than the one that %s checked: open it first, then check the open file", use, check)
	case race.Spelling:
		return fmt.Sprintf("%s follows symbolic links out of the directory, because %s checks only the text of the path: %s", use, check, beneath(f))
	}
	return fmt.Sprintf("%s follows a symbolic link out of the directory if one replaces %s after %s: %s", use, replaced(f), check, beneath(f))
}

// replaced names what of the path a link can take the place of.
func replaced(f *race.Finding) string {
	if race.FollowsLast(f.Use) {
		return "the last element or a directory above it"
	}
	return "a directory above the last element"
}

// beneath names the call that looks a path up beneath a directory.
func beneath(f *race.Finding) string {
	switch f.Use.Effect {
	case fsapi.Open:
		if f.Use.Via == nil {
			return "use os.OpenInRoot"
		}
	case fsapi.List, fsapi.Walk:
		return "use the FS of an os.Root"
	case fsapi.Exec, fsapi.Connect, fsapi.Mount:
		return "open it with openat2 and RESOLVE_BENEATH, and use /proc/self/fd"
	}
	return "use a method of os.Root"
}

// openFirst says how a link in the last element is refused.
func openFirst(f *race.Finding) string {
	switch f.Use.Effect {
	case fsapi.SetMode, fsapi.SetOwner, fsapi.SetTimes, fsapi.SetAttr:
		return "open it with O_NOFOLLOW, then change the open file"
	case fsapi.Exec, fsapi.Connect, fsapi.Mount, fsapi.List, fsapi.Walk:
		return "open it with O_PATH and O_NOFOLLOW, and use /proc/self/fd"
	}
	return "open it with O_NOFOLLOW"
}
