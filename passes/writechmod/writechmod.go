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
	First:    "it is created here",
	Title:    "a file is created first and protected later, by its path",
	CWE:      []int{276, 732, 367},
	Between:  "another user can open the file with its first mode",
	Severity: 4.7,
	Doc: `A program creates a file, and then sets its mode or owner by its path. In between, the
file has the mode that it was created with.

  - Another user who opens a key file in that moment can keep it open and read it, whatever
    its mode becomes.
  - Another user can enter a directory or connect to a socket in that moment.
  - A crash in between leaves the wrong mode permanently. The next run does not correct it
    if it skips an existing file.
  - The second call looks up the path again, and changes whatever is there by then.

Before:

	if err := os.WriteFile(path, key, 0o644); err != nil {
		return err
	}
	return os.Chmod(path, 0o600)

After:

	return os.WriteFile(path, key, 0o600)

This is enough for a new file. An existing file keeps its mode when it is overwritten:
atomicfix.WriteFileMode sets the mode, regardless of the umask, before the content is in
place. While the file is open, use f.Chmod, which cannot change a different file. It is
still too late if other users can read the file before the call: they can keep it open
and read what is written later. For a socket, create it in a directory that only its
owner can enter.`,
	Fix: `The fix creates the file with the mode that is set later, if it can determine that the
mode is the same. A file that is renamed into place gets its mode before the rename.
os.WriteFile and os.Chmod become WriteFileMode of the helper package. If the file is
open, the fix calls its method Chmod.`,
	Silence: `The pass is silent

  - if no other user can reach the object
  - if the callee both creates and protects it: the race is reported there
  - if the mode of the open file is not made stricter
  - if every user may read the object, regardless of its owner
  - if only its owner can enter the directory from the start

In strict mode it also reports

  - a mode that is set again, to undo the umask
  - a mode that is only widened, for example os.WriteFile with 0o600, then os.Chmod to
    0o644
  - a mode of which only the owner's bits change
  - an owner that is set after the creation
  - temporary files of the program itself
  - a file that is written under another name and renamed when it is complete
  - a program that sets the umask

Suppress a finding if the directory already keeps all other users out.`,
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
	return fmt.Sprintf("%s comes late: %s", s.Op(f.Use), meanwhile(f, s.On(f.Check)))
}

// meanwhile says what is wrong until the use of a finding, given the name of the
// operation that created the object. For example:
//
//	until then, another user can read what the os.Create on line 12 created
func meanwhile(f *race.Finding, create string) string {
	can := ""
	switch {
	case f.Reason.ID == "mode-set-again", f.Reason.ID == "created-under-umask":
		return fmt.Sprintf("until then, what %s created has the mode that the umask left", create)
	case f.Reason.ID == "owner-bits-set":
		return fmt.Sprintf("until then, the owner of what %s created has different permissions", create)
	case f.Reason.ID == "mode-widened":
		return fmt.Sprintf("until then, what %s created has fewer permissions than intended", create)
	case f.Reason.ID == "protects-temporary" && f.Use.Effect == fsapi.SetMode:
		return fmt.Sprintf("until then, what %s created has a different mode", create)
	case f.Aspect == race.Owner:
		return fmt.Sprintf("%s may have opened a file that it did not create, or followed a link, and the new owner gets that file", create)
	case f.Use.Effect == fsapi.SetOwner:
		return fmt.Sprintf("until then, what %s created has the wrong owner, and another process can replace it", create)
	case f.Reason.ID == "enterable-before-protected" && f.Check.Effect == fsapi.Listen:
		can = "connect to the socket that"
	case f.Reason.ID == "enterable-before-protected":
		can = "enter the directory that"
	case f.Reason.ID == "opened-before-protected":
		return fmt.Sprintf("another user can first open the file that %s created, and then read what is written later", create)
	case f.Reason.ID == "readable-before-protected", race.ReadableBefore(f):
		can = "read what"
	default:
		return fmt.Sprintf("until then, what %s created has a different mode", create)
	}
	return fmt.Sprintf("until then, another user can %s %s created", can, create)
}
