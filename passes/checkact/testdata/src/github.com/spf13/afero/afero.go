// Package afero is a stub.
package afero

import "os"

// Fs is a file system.
type Fs interface {
	Stat(name string) (os.FileInfo, error)
	Remove(name string) error
}
