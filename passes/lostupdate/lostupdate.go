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
	Title:   "a file is read, changed and written back without a lock",
	CWE:     []int{362, 367},
	Between: "another process can write the file",
	Doc: `A program reads a file, changes the content, and writes the result back to the same path.
If two processes do this at the same time, both read the old content, and the second write
undoes the first one. An account, a trusted key or a line of a history is lost without any
error. Replacing the file atomically does not help: each version is complete, but one of
them is lost.

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

atomicfix.Update holds a lock that other processes respect from before the read until after
the write. A flock on a separate lock file has the same effect if it is taken before the
read and held until the write is done. To add a line, open the file with os.O_APPEND,
which needs no read.

The pass follows the content from the read to the write: through variables, fields,
decoders and encoders, through functions of the package, and from a function that loads a
field or a package-level variable to a function that saves it, even if no caller of both is
known. The command line also follows it across packages; go vet, gopls and golangci-lint
analyze one package at a time, and do not. Both must use the same path. A write in place that tornwrite reports is left to
tornwrite, which describes the greater loss and has a fix. After the write is atomic, the
lost update is reported.`,
	Fix: `There is no automatic fix: only the author can decide how to change the content under the
lock, and what to do if that fails.`,
	Silence: `The pass reports only in strict mode (-lostupdate.strict). The code does not show whether
two processes ever run at the same time, and most programs that read and write a file run
alone. A mutex makes no difference, because it keeps out other goroutines but not other
processes.

It is silent

  - if a file lock is taken before the read
  - if the written content does not depend on what was read, for example if the old text is
    only compared with the new one
  - if the content is written back unchanged
  - for a copy to another path
  - for a path from the command line, the working directory or the directory for temporary
    files
  - for temporary files of the program itself
  - for a write that runs only if no file was found

Suppress a finding if only one process can write the file, for example a service that is
the only owner of its data, or if the caller holds a lock.`,
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
	return pass.New(s, Rule, message, byHand)
}

func message(s *pass.Speaker, f *race.Finding) string {
	lock := "no lock is held from the read to the write"
	if f.Reason.ID == "update-lost-under-mutex" {
		lock = "the lock that is held keeps only goroutines out"
	}
	return fmt.Sprintf("%s loses any update that another process writes after %s: %s", s.Op(f.Use), s.On(f.Check), lock)
}
