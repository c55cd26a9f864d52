// A release script edits a file of its checkout: if it fails halfway, version
// control has the file.
package benign

import (
	"bytes"
	"log"
	"os"
	"path/filepath"
)

func bumpVersion(checkout, version string) {
	file := filepath.Join(checkout, "version.go")
	src, err := os.ReadFile(file)
	if err != nil {
		log.Fatal(err)
	}
	src = bytes.Replace(src, []byte("DEV"), []byte(version), 1)
	if err := os.WriteFile(file, src, 0o644); err != nil {
		log.Fatal(err)
	}
}
