// The index of a volume is written in place below one of many directories, whose path a
// field keeps; what is renamed is a log beside it. Its twin, in which the directory is
// renamed, is in benign/stagedbelow.go.
package races

import (
	"io"
	"os"
	"path/filepath"
	"strings"
)

type volumes struct{ root string }

type volume struct {
	dir, log string
	index    *os.File
}

func (v *volumes) begin(id string) (*volume, error) {
	dir := filepath.Join(v.root, id+".vol")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	d := &volume{dir: dir, log: filepath.Join(v.root, id+".log.part")}
	f, err := os.Create(filepath.Join(dir, "index.json")) // want `tornwrite: os.Create truncates the file before it writes`
	if err != nil {
		return nil, err
	}
	d.index = f
	return d, nil
}

func (d *volume) publish() error {
	if err := d.index.Close(); err != nil {
		return err
	}
	return os.Rename(d.log, strings.TrimSuffix(d.log, ".part"))
}

func (v *volumes) read(id string) ([]byte, error) {
	f, err := os.Open(filepath.Join(v.root, id+".vol", "index.json"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}
