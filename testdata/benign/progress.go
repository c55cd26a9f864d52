// The size is the end of a progress bar: if it is off, the bar is.
package benign

import (
	"fmt"
	"io"
	"os"
)

type bar struct {
	total, done int64
}

func (b *bar) Write(p []byte) (int, error) {
	b.done += int64(len(p))
	if b.total > 0 {
		fmt.Printf("\r%3d%%", 100*b.done/b.total)
	}
	return len(p), nil
}

func upload(path string, to io.Writer) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(to, io.TeeReader(f, &bar{total: info.Size()}))
	return err
}
