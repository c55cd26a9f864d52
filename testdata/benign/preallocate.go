// The size only sizes a buffer, which grows if it must.
package benign

import (
	"bytes"
	"io"
	"os"
)

func slurp(path string) ([]byte, error) {
	var buf bytes.Buffer
	if info, err := os.Stat(path); err == nil && info.Size() < 1<<20 {
		buf.Grow(int(info.Size()))
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	_, err = io.Copy(&buf, f)
	return buf.Bytes(), err
}
