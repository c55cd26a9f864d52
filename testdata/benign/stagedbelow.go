// A snapshot is made in a directory below one of many, whose path a field keeps. Another
// method renames it into place when all of it is written: nobody reads the files in it
// before. Its twin, in which what is renamed is no directory of the file, is in
// races/indexbelow.go.
package benign

import (
	"io"
	"os"
	"path/filepath"
	"strings"
)

type snapshots struct{ root string }

type snapshotDraft struct {
	dir   string
	state *os.File
}

func (s *snapshots) begin(id string) (*snapshotDraft, error) {
	dir := filepath.Join(s.root, id+".part")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	d := &snapshotDraft{dir: dir}
	f, err := os.Create(filepath.Join(dir, "state.json"))
	if err != nil {
		return nil, err
	}
	d.state = f
	return d, nil
}

func (d *snapshotDraft) publish() error {
	if err := d.state.Close(); err != nil {
		return err
	}
	return os.Rename(d.dir, strings.TrimSuffix(d.dir, ".part"))
}

func (s *snapshots) read(id string) ([]byte, error) {
	f, err := os.Open(filepath.Join(s.root, id, "state.json"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}
