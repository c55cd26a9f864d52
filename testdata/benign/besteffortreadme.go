// A note for whoever looks into the directory: whichever process writes it
// writes the same, and nobody minds if none does.
package benign

import (
	"os"
	"path/filepath"
)

const note = "This directory holds what can be computed again. Remove it at will.\n"

func leaveNote(dir string) {
	name := filepath.Join(dir, "README")
	if _, err := os.Stat(name); err != nil {
		os.WriteFile(name, []byte(note), 0o666)
	}
}
