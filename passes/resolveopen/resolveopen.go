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
	Doc: `A program that must not leave a directory often asks first and acts then: it
resolves the path with filepath.EvalSymlinks, compares the result with the
directory (strings.HasPrefix, filepath.Rel, filepath.IsLocal, a function of its
own), and opens, creates, removes or changes the path by its name. Between the
two, whoever may write to the tree can put a symbolic link in the place of the
file, or of a directory above it: the second lookup follows it, and the program
reads or overwrites a file outside. Where the text alone is compared, and no
link is resolved, the link need not even come in between. securejoin.SecureJoin
yields a path that is right only as long as the tree stays as it is. The same
holds for an os.Lstat that refuses a link, and a write that follows one; and for
a function that refuses a wrong owner, mode or type, before something is written
to the path, connected to or run. There, use first and ask the handle then.

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
	Silence: `All findings are for strict mode (-resolveopen.strict), until more real code has
been read: whether anybody else may write to the tree cannot be seen in the
code. Silent even there: a path that is resolved to be shown, or compared with
nothing; a comparison that refuses nothing; a comparison of the text alone
before a file is only read, is made with O_EXCL, or is renamed into place; a
path beneath an os.Root; a temporary of the program's own; an open with
O_NOFOLLOW; code that holds what it has opened against what it has found, with
os.SameFile. An open behind an os.Lstat is a finding of statopen.

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

// New returns the pass as one of the suite s.
func New(s *pass.Suite) *analysis.Analyzer {
	return pass.New(s, Rule, message, nil)
}

func message(s *pass.Speaker, f *race.Finding) string {
	check := s.On(f.Check)
	switch f.Aspect {
	case race.Type:
		return fmt.Sprintf("%s follows a link that is made after %s, which refuses one: %s", s.Op(f.Use), check, advice(f))
	case race.Mode:
		return fmt.Sprintf("%s may meet another object than the one that %s has found right", s.Op(f.Use), check)
	case race.Spelling:
		return fmt.Sprintf("%s follows links out of the directory, since %s sees the text alone: %s", s.Op(f.Use), check, advice(f))
	}
	return fmt.Sprintf("%s follows a link that is made after %s, out of the directory: %s", s.Op(f.Use), check, advice(f))
}

// advice names the call that looks a path up beneath a directory.
func advice(f *race.Finding) string {
	if f.Use.Effect == fsapi.Open && f.Use.Via == nil {
		return "os.OpenInRoot refuses it"
	}
	return "a method of os.Root refuses it"
}
