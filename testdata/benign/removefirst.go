// Removed if it is there, then made: the check does not decide on making it.
package benign

import (
	"os"
	"runtime"
)

func replaceOnWindows(staged, final string) error {
	if runtime.GOOS == "windows" {
		if _, err := os.Stat(final); err == nil {
			if err := os.Remove(final); err != nil {
				return err
			}
		}
	}
	return os.Rename(staged, final)
}
