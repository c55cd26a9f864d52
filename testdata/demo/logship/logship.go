// Package logship copies what is appended to a log file to another place.
package logship

import (
	"fmt"
	"io"
	"os"
)

// Shipper follows one log file.
type Shipper struct {
	path   string
	offset int64 // how much of the file was shipped
}

// New returns a shipper that starts at the beginning of the file.
func New(path string) *Shipper { return &Shipper{path: path} }

// Ship copies to w what was appended since the last call. A log that has
// become shorter was rotated, and is read from its beginning.
func (s *Shipper) Ship(w io.Writer) error {
	f, err := os.Open(s.path)
	if err != nil {
		return err
	}
	defer f.Close()

	info, err := os.Stat(s.path)
	if err != nil {
		return err
	}
	if info.Size() < s.offset {
		s.offset = 0
	}
	if _, err := f.Seek(s.offset, io.SeekStart); err != nil {
		return err
	}
	n, err := io.Copy(w, f)
	s.offset += n
	if err != nil {
		return fmt.Errorf("shipping %s: %w", s.path, err)
	}
	return nil
}
