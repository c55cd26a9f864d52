// A log has a name in the shared directory only if none is given. One that the environment
// chooses is in races/tempbyenvironment.go.
package races

import (
	"os"
	"path/filepath"
)

type appLog struct{ Filename string }

func (l *appLog) filename() string {
	if l.Filename != "" {
		return l.Filename
	}
	return filepath.Join(os.TempDir(), "app.log")
}

func (l *appLog) open() (*os.File, error) {
	return os.OpenFile(l.filename(), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) // want `tempname: os.OpenFile falls back to a name in the shared temporary directory`
}
