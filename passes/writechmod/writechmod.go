package writechmod

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
	Name:     "writechmod",
	First:    "it is made here",
	Title:    "a file is created first and protected afterwards, by path",
	CWE:      []int{276, 732, 367},
	Between:  "another user can open the file with the mode that it has then",
	Severity: 4.7,
	Doc: `A file is created, and its mode or owner is set afterwards, by its path. Until
then it has the mode of its creation: whoever opens a key in that moment keeps
it open, whatever the mode becomes. A directory can be entered before it is
closed, a socket connected to. A crash in between leaves the wrong mode for good,
which the next run skips over since the file is there. And the second call looks
the path up again: it changes whatever is there by then.

Before:

	if err := os.WriteFile(path, key, 0o644); err != nil {
		return err
	}
	return os.Chmod(path, 0o600)

After:

	return os.WriteFile(path, key, 0o600)

That is enough for a new file. One that is there already keeps its mode when it
is overwritten: atomicfix.WriteFileMode sets the mode, whatever the umask, before
the content is in place. While the file is still open, use the handle: f.Chmod
cannot hit another file. It is as late, though, if others can read the file
before: they keep it open, and read what is written afterwards. For a socket, create it in a directory that only its
owner may enter.`,
	Fix: `The file is created with the mode that was set later, if that is certain to be
the same; a file that is renamed into place gets its mode before. os.WriteFile and
os.Chmod become the helper's WriteFileMode, and while the file is open, its
method Chmod sets the mode.`,
	Silence: `It is silent where nobody else gets at the object, where the callee both creates
and protects it (it is reported there), where the mode of the open file is not
tightened, where everybody may read the object whoever owns it, and where a
directory is its owner's alone from the start. For strict mode: a mode that is set
again against the umask, a mode that is only widened (os.WriteFile with 0o600, then
os.Chmod to 0o644), or of which only the owner's bits change, an owner that is set
afterwards, a temporary of the program's own, what is written aside and renamed
when it is ready, and a program that sets the umask.

Suppress it where the directory already keeps everybody else out.`,
	References: []rule.Reference{
		{Title: "open(2): the mode of what is created", URL: "https://man7.org/linux/man-pages/man2/open.2.html"},
		{Title: "umask(2)", URL: "https://man7.org/linux/man-pages/man2/umask.2.html"},
		{Title: "chmod(2): fchmod", URL: "https://man7.org/linux/man-pages/man2/chmod.2.html"},
		{Title: "CVE-2011-1098, logrotate: logs could be opened before their permissions were in place", URL: "https://nvd.nist.gov/vuln/detail/CVE-2011-1098"},
		{Title: "CVE-2021-35938, rpm: permissions and owner set after the file was installed, by its name", URL: "https://nvd.nist.gov/vuln/detail/CVE-2021-35938"},
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
	create := s.On(f.Check)
	if f.Use.Effect == fsapi.SetOwner {
		return fmt.Sprintf("%s sets the owner of whatever is there by now: until then, what %s made has the wrong one", s.Op(f.Use), create)
	}
	return fmt.Sprintf("%s comes late: what %s made has another mode until then", s.Op(f.Use), create)
}
