// Another object makes the directory and renames it into place when all of it
// is written: nobody reads the files in it before.
package benign

import (
	"encoding/json"
	"os"
	"path/filepath"
)

type snapshotWriter struct {
	final, scratch string
	body           *snapshotBody
}

type snapshotBody struct{ at string }

func beginSnapshot(final string) (*snapshotWriter, error) {
	scratch := final + ".partial"
	if err := os.MkdirAll(scratch, 0o755); err != nil {
		return nil, err
	}
	return &snapshotWriter{final, scratch, &snapshotBody{scratch}}, nil
}

func (b *snapshotBody) index(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(b.at, "state.json"), text, 0o600)
}

func (w *snapshotWriter) end() error { return os.Rename(w.scratch, w.final) }

func rebuild(to string, v any) error {
	scratch := to + ".new"
	if err := os.MkdirAll(scratch, 0o755); err != nil {
		return err
	}
	if err := settle(scratch, v); err != nil {
		return err
	}
	return os.Rename(scratch, to)
}

func settle(dir string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "config.json"), text, 0o600)
}
