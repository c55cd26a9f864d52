// What is made is the shared directory, if anything: there is no name that another
// user can have taken.
package benign

import (
	"os"
	"path/filepath"
)

var dumpPath string

func dumpDir() string {
	if dir := os.Getenv("APP_DUMPS"); dir != "" {
		return dir
	}
	return os.TempDir()
}

func initDump(name string) error {
	if err := os.MkdirAll(dumpDir(), 0o700); err != nil {
		return err
	}
	dumpPath = filepath.Join(dumpDir(), name)
	return os.MkdirAll(filepath.Dir(dumpPath), 0o700)
}
