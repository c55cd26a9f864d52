package existscreate

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
	Name:     "existscreate",
	Title:    "a path is found absent, then created over whatever is there by then",
	CWE:      []int{367, 59},
	Severity: 4.7,
	Doc: `A path is looked up, and since nothing is there a file or directory is made. In
between something may have been put there: by a second instance that was started
at the same moment, or by somebody who puts a symbolic link there on purpose.
os.Create and os.WriteFile truncate what has appeared, through the link, too.
Two instances that both find no key generate two, and one goes on with a key
that is no longer in the file. os.Mkdir fails over a directory that it would
have been content with a moment before. A load that fails, with creation as the
answer, is such a check as well.

Before:

	if _, err := os.Stat(path); err == nil {
		return errExists
	}
	return os.WriteFile(path, data, 0o600)

After:

	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return errExists
	}

With O_EXCL the kernel decides in one step. atomicfix.WriteFileExcl writes the
whole content besides, before the file appears under its name. For a directory,
call os.Mkdir first and take fs.ErrExist for success, or os.MkdirAll.`,
	Fix: `The file is created exclusively, and what was to happen if it was there happens
on fs.ErrExist: os.O_EXCL for os.Create and os.OpenFile, or the helper's
CreateExcl and WriteFileExcl, which show the file only when it is whole. A file
that is only touched is opened without being truncated, and a directory that
has appeared by the time of os.Mkdir is handled. What was found and not refused,
such as a lock that has expired, is replaced as before. A function that creates,
and that nothing else calls, is changed where it creates.`,
	Silence: `It is silent where the use is exclusive or content with what it finds (O_EXCL,
os.MkdirAll, os.Link as a claim), where the file is made whether or not it was
found, where the callee checks again (that is the race, and is reported there),
under a file lock, and in a temporary of the program's own. For strict mode:
what replaces a file whole or writes into it without truncating it, and what
only another process can disturb since a mutex is held; and a file whose size was
weighed, against a quota say, before it is truncated.

Suppress it where nobody else can create the path: in a directory that belongs
to this process alone, or where an outer lock guarantees a single instance.`,
	References: []rule.Reference{
		{Title: "open(2): O_EXCL, and what it says of links", URL: "https://man7.org/linux/man-pages/man2/open.2.html"},
		{Title: "mkdir(2): EEXIST", URL: "https://man7.org/linux/man-pages/man2/mkdir.2.html"},
		{Title: "SEI CERT C, FIO45-C: avoid TOCTOU race conditions while accessing files", URL: "https://wiki.sei.cmu.edu/confluence/display/c/FIO45-C.+Avoid+TOCTOU+race+conditions+while+accessing+files"},
		{Title: "CVE-2020-1733, Ansible: a directory that somebody else had made was taken for the one just made", URL: "https://nvd.nist.gov/vuln/detail/CVE-2020-1733"},
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
	check := s.On(f.Check)
	switch f.Use.Effect {
	case fsapi.MakeDir:
		return fmt.Sprintf("%s fails if the directory appears after %s", s.Op(f.Use), check)
	case fsapi.MakeDirAll:
		return fmt.Sprintf("%s accepts a directory that appears after %s", s.Op(f.Use), check)
	case fsapi.Link:
		return fmt.Sprintf("%s fails if something appears after %s", s.Op(f.Use), check)
	case fsapi.Replace, fsapi.CreateAtomic:
		return fmt.Sprintf("%s replaces a file that appears after %s", s.Op(f.Use), check)
	case fsapi.CreateKeep:
		return fmt.Sprintf("%s writes into a file that appears after %s", s.Op(f.Use), check)
	}
	if f.Aspect == race.Size {
		return fmt.Sprintf("%s may truncate another file than the one that was measured by %s", s.Op(f.Use), check)
	}
	return fmt.Sprintf("%s truncates a file that appears after %s", s.Op(f.Use), check)
}
