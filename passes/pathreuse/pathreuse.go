package pathreuse

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
	Name:     "pathreuse",
	First:    "the file is opened here",
	Title:    "a file is open, but its path is looked up again",
	CWE:      []int{367},
	Severity: 4.7,
	Doc: `A file is open, and the program looks up its path again: to get its size, or to change
its mode, owner or length. In the meantime, a rename or a symbolic link may have made the
path name a different file. The size is then not that of the file being read, and the
mode is set on a file that the program never checked. A privileged program that does this
in a directory where other users can write can be tricked into changing any file.

Before:

	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := os.Stat(path)

After:

	info, err := f.Stat()

The methods Stat, Chmod, Chown and Truncate act on the open file, whatever its path names
by then. f.Name() is only the path that the file was opened with: os.Chmod(f.Name(), mode)
looks it up again, too. If a method uses a file in a field, the pass treats the file as
open there, whichever method opened it. After a rename, it tracks the file by its new
name.

The reverse order is the same mistake: a file is read, executed or connected to, and its
mode, owner or type is checked by path afterward. A user who can replace the file can have
one file used and another one checked.`,
	Fix: `os.Stat, os.Chmod, os.Chown and os.Truncate become the method of the open file, if the
file is in a variable there.`,
	Silence: `The pass is silent

  - if the file is already closed
  - if os.Lstat or os.SameFile compares the path with the open file, for example to detect
    that a log file was rotated
  - if only the existence of the path is checked, which no open file can report
  - if no other process changes the path

In strict mode it also reports

  - os.Chtimes, because os.File has no such method
  - temporary files of the program itself
  - a file that was read before, and whose metadata is looked up afterward
  - a file that was written before, and whose metadata the program keeps: a change by
    another process in between then counts as known
  - the name of a file that is a parameter of the function
  - file systems behind an interface, whose open files may lack the method

Suppress a finding if the program needs to know whether the name still leads to the
file.`,
	References: []rule.Reference{
		{Title: "stat(2): fstat", URL: "https://man7.org/linux/man-pages/man2/stat.2.html"},
		{Title: "chmod(2): fchmod", URL: "https://man7.org/linux/man-pages/man2/chmod.2.html"},
		{Title: "SEI CERT C, FIO01-C: be careful using functions that use file names for identification", URL: "https://wiki.sei.cmu.edu/confluence/display/c/FIO01-C.+Be+careful+using+functions+that+use+file+names+for+identification"},
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
	if f.Check == nil {
		return fmt.Sprintf("%s looks up the path again and may find a different file than the open one", s.Op(f.Use))
	}
	switch f.Aspect {
	case race.Digest:
		if f.Use.Effect == fsapi.Exec {
			return fmt.Sprintf("%s may run a different program than the one that %s verified", s.Op(f.Use), s.On(f.Check))
		}
		return fmt.Sprintf("%s may read a different file than the one that %s read: compute the digest from the content that was read", s.Op(f.Use), s.On(f.Check))
	case race.Late:
		return fmt.Sprintf("%s may check a different file than the one that %s used: check the open file, or check before the use", s.Op(f.Use), s.On(f.Check))
	case race.Closed:
		return closed(s, f)
	}
	return fmt.Sprintf("%s looks up the path again and may find a different file than the one that %s opened", s.Op(f.Use), s.On(f.Check))
}

// closed says what a check by path finds after an operation whose file is no longer open.
func closed(s *pass.Speaker, f *race.Finding) string {
	use, first := s.Op(f.Use), s.On(f.Check)
	switch f.Reason.ID {
	case "after-listing":
		return fmt.Sprintf("%s looks up the path again and may find a different directory than the one that %s listed", use, first)
	case "after-writing":
		return fmt.Sprintf("%s looks up the path again after %s: the metadata may include a later write by another process", use, first)
	}
	read := "read"
	if f.Check.Opens {
		read = "opened"
	}
	return fmt.Sprintf("%s looks up the path again and may find a different file than the one that %s %s", use, first, read)
}
