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
	First:    "it is opened here",
	Title:    "a file is open, and its path is looked up again",
	CWE:      []int{367},
	Severity: 4.7,
	Doc: `A file is open, and the program looks its path up once more: for its size, to
change its mode, owner or length. The name may have been given to another file
since, by a rename or a link. The size is then that of a file which is not the
one that is read, and the mode is set on a file that nobody has looked at. A
privileged program that does so in a directory where others may write can be made
to change any file.

Before:

	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := os.Stat(path)

After:

	info, err := f.Stat()

The methods of the handle (Stat, Chmod, Chown, Truncate) reach the open
file whatever has become of its name. f.Name() is the path that it was opened
by, no more: os.Chmod(f.Name(), mode) looks that up, too. A file that is held in a
field counts as open where the method goes on to use it, whichever method has
opened it; one that was renamed is known by its new name.

A file that is read, executed or connected to first, and whose mode, owner or type is
checked by its path afterwards, is the same mistake the other way round: who may
replace the file has one read, and another one found right.`,
	Fix: `os.Stat, os.Chmod, os.Chown and os.Truncate become the method of the open file,
where that is at hand by a name.`,
	Silence: `It is silent where the file is closed by then, where os.Lstat or os.SameFile
holds the one against the other (which is how a log file that was rotated away
is noticed), where only the existence of the path is asked for (no handle could
tell), and where nobody else changes the path. For strict mode: os.Chtimes (a
handle has no such method), a temporary of the program's own, a file that was
read before and whose metadata are looked up afterwards, or that was written
before and whose metadata are kept, so that a change in between passes for known;
the name of a file that the function was handed, and file systems behind an interface whose handles may
lack the method.

Suppress it where the name is what you want to know about: whether it still
leads to the file.`,
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
		return fmt.Sprintf("%s looks the path up again and may find another file than the one that is open", s.Op(f.Use))
	}
	switch f.Aspect {
	case race.Digest:
		if f.Use.Effect == fsapi.Exec {
			return fmt.Sprintf("%s may run another program than the one that %s has verified", s.Op(f.Use), s.On(f.Check))
		}
		return fmt.Sprintf("%s may read another file than the one that %s has read: compute the digest of what was read", s.Op(f.Use), s.On(f.Check))
	case race.Late:
		return fmt.Sprintf("%s finds right what need not be the file that %s has used: ask the open file, or before the use", s.Op(f.Use), s.On(f.Check))
	case race.Closed:
		return fmt.Sprintf("%s looks the path up again and may find another file than that of %s", s.Op(f.Use), s.On(f.Check))
	}
	return fmt.Sprintf("%s looks the path up again and may find another file than the one that %s has open", s.Op(f.Use), s.On(f.Check))
}
