// The same code for a file on disk, which is read, changed and written back.
package races

import (
	"os"
	"path/filepath"
	"strings"
)

const zoneDir = "/var/lib/zones"

func addZone(name, line string) error { return appendZone(zoneDir, name, line) }

func appendZone(base, name, line string) error {
	file := filepath.Join(base, name, "zone.db")
	old, err := os.ReadFile(file)
	if err != nil || strings.Contains(string(old), line) {
		return err
	}
	return os.WriteFile(file, append(old, line...), 0o644) // want `tornwrite: os.WriteFile truncates the file before it writes`
}
