// A layer passes a write on to the file system that it wraps: neither what is written nor how
// is its affair. The file system itself, and one with a file of its own, is in
// races/layers.go.
package benign

import (
	"io/fs"
	"log"
)

type keptFiles interface {
	ReadFile(name string) ([]byte, error)
	WriteFile(name string, data []byte, perm fs.FileMode) error
}

type loggedFiles struct{ keptFiles }

func (l loggedFiles) WriteFile(name string, data []byte, perm fs.FileMode) error {
	log.Print(name)
	return l.keptFiles.WriteFile(name, data, perm)
}

func (l loggedFiles) ReadFile(name string) ([]byte, error) {
	log.Print(name)
	return l.keptFiles.ReadFile(name)
}
