// What is there decides on the flags, and where nothing was, O_EXCL decides.
package benign

import "os"

func openFor(path string, appendTo bool) (*os.File, error) {
	flags := os.O_WRONLY | os.O_CREATE
	if _, err := os.Stat(path); err == nil && appendTo {
		flags |= os.O_APPEND
	} else {
		flags |= os.O_EXCL
	}
	return os.OpenFile(path, flags, 0o644)
}
