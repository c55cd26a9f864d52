package load

import (
	"bytes"
	"os"
	"sync"
)

// buffers are reused: a source is read, looked through and forgotten, and all
// of them together are a good part of what a run would allocate.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Text hands the content of a file to use, which must not keep it.
func Text(name string, use func(text []byte) error) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	if info, err := f.Stat(); err == nil {
		buf.Grow(int(info.Size()) + bytes.MinRead)
	}
	if _, err := buf.ReadFrom(f); err != nil {
		return err
	}
	return use(buf.Bytes())
}
