// A handle from each function that yields one, and the ways to ask its name.
package races

import (
	"os"
	"path/filepath"
)

func sizeOfNamed(path string) (int64, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := os.Stat(f.Name()) // want `pathreuse: os.Stat looks up the path again and may find a different file than the one that the os.OpenFile on line 10 opened`
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func sizeInRoot(dir, name string) (int64, error) {
	f, err := os.OpenInRoot(dir, name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := os.Stat(filepath.Join(dir, name)) // want `pathreuse: os.Stat looks up the path again and may find a different file than the one that the os.OpenInRoot on line 23 opened`
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// The caller has opened what is at the path, and closes it.
func cutGiven(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return publish(f, path) // want `pathreuse: publish .os.Chown. looks up the path again and may find a different file than the one that the os.Open on line 37 opened`
}

func publish(f *os.File, path string) error {
	if _, err := f.Seek(0, 0); err != nil {
		return err
	}
	return os.Chown(path, 0, 0)
}

// The name goes with the file when that is renamed.
func moveThenSize(path, to string) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	if err := os.Rename(path, to); err != nil {
		return 0, err
	}
	info, err := os.Stat(to) // want `pathreuse: os.Stat looks up the path again`
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
