// Methods in between touch other fields.
package races

import (
	"log"
	"os"
)

type agent struct {
	statePath string
	runs      int
	log       *log.Logger
}

func (a *agent) count() { a.runs++ }

func (a *agent) note(msg string) {
	if a.log != nil {
		a.log.Print(msg)
	}
}

func (a *agent) firstRun() error {
	if _, err := os.Stat(a.statePath); err == nil {
		return nil
	}
	a.count()
	a.note("first run")
	return os.WriteFile(a.statePath, []byte("{}"), 0o600) // want `existscreate: os.WriteFile truncates`
}
