// A directory whose listing ends at once is removed with all that has come since. One that is
// removed alone is in benign/emptyatonce.go.
package races

import (
	"io"
	"os"
)

func hasNone(dir string) (bool, error) {
	d, err := os.Open(dir)
	if err != nil {
		return false, err
	}
	defer d.Close()
	if _, err = d.Readdirnames(1); err == io.EOF {
		return true, nil
	}
	return false, err
}

func tidyUp(dir string) error {
	if none, err := hasNone(dir); err != nil || !none {
		return err
	}
	return os.RemoveAll(dir) // want `checkact: os.RemoveAll removes files that another process creates in the directory`
}

func tidyUpInline(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	names, err := d.Readdirnames(1)
	d.Close()
	if len(names) == 0 {
		return os.RemoveAll(dir) // want `checkact: os.RemoveAll removes files that another process creates in the directory`
	}
	return err
}
