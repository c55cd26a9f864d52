// The helper opens and hands out the file; its path is asked again.
package races

import (
	"io"
	"os"
)

func openOrCreate(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
}

func appendRecord(path string, record []byte) error {
	f, err := openOrCreate(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := os.Stat(path) // want `pathreuse: os.Stat looks up the path again and may find a different file than the one that the openOrCreate \(os.OpenFile\) on line 14 opened`
	if err != nil {
		return err
	}
	if _, err := f.Seek(info.Size(), io.SeekStart); err != nil {
		return err
	}
	_, err = f.Write(record)
	return err
}
