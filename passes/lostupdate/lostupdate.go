package lostupdate

import (
	"fmt"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/pass"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/rule"
)

// Rule describes the pass.
var Rule = rule.Rule{
	Name:    "lostupdate",
	First:   "the file is read here",
	Title:   "a file is read, changed and written back with no lock",
	CWE:     []int{362, 367},
	Between: "another process can write the file",
	Doc: `A file is read, its content changed, and the result written back to the same
path. Two processes that do so at once both read the old content, and the second
write undoes the first: an account, a trusted key, a line of a history is gone,
with no error anywhere. Replacing the file atomically does not help. It keeps
each version whole, and loses one of them whole.

Before:

	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	data = append(data, line...)
	return atomicfix.WriteFile(path, data, 0o600)

After:

	return atomicfix.Update(path, 0o600, func(old []byte) ([]byte, error) {
		return append(old, line...), nil
	})

atomicfix.Update holds a lock that other processes honour from before the read
until after the write. So does a flock of a file beside it, taken before the read
and held until the write is done. To add a line, an open with os.O_APPEND needs
no read at all.

The content is followed from the read to the write: through variables, fields,
decoders and encoders, through functions of the package, and from a function that
loads a field or a package-level variable to one that saves it, although no caller
of both is seen. Both must be of the same path. In-place writes that
tornwrite reports stay with it, since that is the greater loss and has a fix; once
they are atomic, the lost update is reported.`,
	Fix: `There is no automatic fix: how the change is to be made under the lock, and what
to do if it fails, is for the author to say.`,
	Silence: `All findings are for strict mode (-lostupdate.strict): whether two processes ever
run at once cannot be seen in the code, and most programs that read and write a
file run alone. A mutex changes nothing, it holds other goroutines off, not
other processes. Silent even there: a file lock that is taken before the read; a
write that does not depend on what was read by data (the old text is only
compared with the new); what was read and is put back unchanged; a copy to another
path; a path that comes from the command line, the working directory or the
temporary directory; a temporary of the program's own; a write that runs only where
no file was found.

Suppress it where only one process can write the file: a service that is the
only owner of its data, or a caller that holds a lock.`,
	References: []rule.Reference{
		{Title: "flock(2)", URL: "https://man7.org/linux/man-pages/man2/flock.2.html"},
		{Title: "open(2): O_APPEND", URL: "https://man7.org/linux/man-pages/man2/open.2.html"},
		{Title: "CWE-362: concurrent execution using a shared resource without a lock", URL: "https://cwe.mitre.org/data/definitions/362.html"},
		{Title: "lockedfile.Transform, by which the go command changes such files", URL: "https://pkg.go.dev/cmd/go/internal/lockedfile#Transform"},
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
	return fmt.Sprintf("%s loses what another process writes after %s: the new content is made from the old, with no lock over both", s.Op(f.Use), s.On(f.Check))
}
