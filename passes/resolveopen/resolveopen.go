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
	Title:    "a path is found to lie within a directory, then used by its name",
	CWE:      []int{59, 367, 22},
	Severity: 6.3,
	Doc: `A program that must not leave a directory often checks first and acts then: it
resolves the path with filepath.EvalSymlinks and compares the result with the
directory, or looks at each component with os.Lstat and refuses links, and opens,
creates, removes, mounts on or changes the path by its name. Between the two,
whoever may write to the tree can put a symbolic link in the place of the file, or
of a directory above it: the second lookup follows it, and the program reads or
overwrites a file outside. securejoin.SecureJoin, FollowSymlinkInScope and their
like return a path that is right only as long as the tree stays as it is. Where the
text alone is compared (strings.HasPrefix, filepath.Rel, filepath.IsLocal), the
link need not even come in between.

The check may be in a function or a method of any package that is analyzed, and
answer by an error, by a bool, or by the path that it returns, in a field of a
struct too. What is used may be the path that was checked, a directory of it, a file
in it, or its name joined to the directory again. os.MkdirAll, os.Rename, os.Symlink
and os.RemoveAll follow links among the directories above, though not in the last
element.

The same holds for a function that refuses a link, a wrong owner, mode or type,
before something is read from the path, written to it, connected to or run. There,
open first and check the open file.

In some trees a link may be there already, since somebody else has made them: below
the root of a process in a container (/proc/PID/root), in the home directory of a user
whom the program has looked up, in the tree of another system. What a program makes,
changes, mounts on or gives away there, by name, may be outside of the tree; so may a
file that it makes below /dev for something to be mounted on it.

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

A method of os.Root refuses a link that leads out of the directory, at the
moment in which it looks the path up. For a single file that is read,
os.OpenInRoot(dir, name) is enough. An os.Root makes one operation safe, it does
not make two of them one: a root.Stat and a root.Open may still see two files.`,
	Fix: `There is no automatic fix: which directory is to be opened, and for how long, is
for the author to say.`,
	Silence: `By default, a use is reported after a check that resolves links or looks
at each component, after SecureJoin and its like, and after a function that refuses
a link, an owner or a mode; a change below the root of another process; what is given
away in another user's home; and a file that is made below /dev and left empty. Strict
mode (-resolveopen.strict) has the rest: other uses in such trees, where a program
mounts or changes owners; a comparison of the text alone, before a
path is written to, removed or renamed; a function that refuses a type, which may be
a choice by type; a check of the directory that a path lies in; a link that the
function itself refuses before it writes; a file that is mounted on by its name.

Silent even there: a path that is resolved to be shown, or compared with nothing; a
check that refuses nothing, or picks one of two uses; a comparison of the text alone
before a file is only read, or is made with O_EXCL; the directory "/", which nothing
lies outside of; a path beneath an os.Root, or looked up by openat; a directory that
is a temporary of the program's own; an open with O_NOFOLLOW; code that compares what
it has opened with what it has found, by os.SameFile; a call of a function that
checks again, where the race is. An open behind an os.Lstat in the same function is a
finding of statopen.

Some published fixes leave the race, and their code is still reported: they make the
check refuse more (a dangling link, a sibling directory), or make the directories
safely and mount by name afterwards.

Suppress it where only the program's own user can write to the tree: the user
gains nothing by the link.`,
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
	return pass.New(s, Rule, message, nil)
}

func message(s *pass.Speaker, f *race.Finding) string {
	use := s.Op(f.Use)
	if f.Aspect == race.Foreign {
		return fmt.Sprintf("%s follows a link that the owner of the tree has put there: %s", use, beneath(f))
	}
	if f.Check == nil {
		return fmt.Sprintf("%s follows a link that whoever made the tree has put there: open it with O_NOFOLLOW, and use its descriptor afterwards", use)
	}
	check := s.On(f.Check)
	switch f.Aspect {
	case race.Placeholder:
		return fmt.Sprintf("%s may meet another object than the one that %s has made: keep it open, and mount on /proc/self/fd", use, check)
	case race.Type:
		return fmt.Sprintf("%s follows a link that replaces the file after %s, which refuses one: %s", use, check, openFirst(f))
	case race.Directory:
		return fmt.Sprintf("%s may meet another directory than the one that %s has found right: open that with os.OpenRoot, and ask the Root", use, check)
	case race.Mode, race.Owner:
		return fmt.Sprintf("%s may meet another object than the one that %s has found right: open it first, then ask the open file", use, check)
	case race.Spelling:
		return fmt.Sprintf("%s follows links out of the directory, since %s sees the text alone: %s", use, check, beneath(f))
	}
	return fmt.Sprintf("%s follows a link out of the directory that replaces %s after %s: %s", use, replaced(f), check, beneath(f))
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
			return "os.OpenInRoot refuses it"
		}
	case fsapi.List, fsapi.Walk:
		return "the FS of an os.Root refuses it"
	case fsapi.Exec, fsapi.Connect, fsapi.Mount:
		return "openat2 with RESOLVE_BENEATH refuses it, and /proc/self/fd names what that has opened"
	}
	return "a method of os.Root refuses it"
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
