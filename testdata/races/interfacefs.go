// A file system behind an interface of the program's own is still the real one.
package races

import (
	"io/fs"
	"os"
)

type disk interface {
	Stat(path string) (fs.FileInfo, error)
	ReadFile(path string) ([]byte, error)
	WriteFile(path string, data []byte, mode fs.FileMode) error
	Remove(path string) error
}

type realDisk struct{}

func (realDisk) Stat(path string) (fs.FileInfo, error) { return os.Stat(path) }
func (realDisk) ReadFile(path string) ([]byte, error)  { return os.ReadFile(path) }
func (realDisk) WriteFile(path string, d []byte, m fs.FileMode) error {
	return os.WriteFile(path, d, m)
}
func (realDisk) Remove(path string) error { return os.Remove(path) }

type installer struct{ disk disk }

func (i *installer) install(path string, data []byte) error {
	if _, err := i.disk.Stat(path); err == nil {
		return nil
	}
	return i.disk.WriteFile(path, data, 0o644) // want `existscreate: .*WriteFile truncates`
}
