// The file that was open under the name is not the one that is asked for: it
// was renamed away, or closed, before.
package benign

import "os"

// After the rename the name is another file's.
func rotated(path string) (*os.File, int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	if err := os.Rename(path, path+".1"); err != nil {
		f.Close()
		return nil, 0, err
	}
	if info, err := os.Stat(path); err == nil {
		return f, info.Size(), nil
	}
	return f, 0, nil
}

func sizeOfClosed(path string) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	if err := f.Close(); err != nil {
		return 0, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

type spool struct {
	path string
	file *os.File
}

func (s *spool) close() error {
	return s.file.Close()
}

// The handle is closed by a method, and opened anew by another.
func (s *spool) size() (int64, error) {
	if err := s.close(); err != nil {
		return 0, err
	}
	info, err := os.Stat(s.path)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (s *spool) open() (err error) {
	s.file, err = os.OpenFile(s.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	return err
}

// A log file that was rotated away is noticed by what the two are.
func (s *spool) replaced() (bool, error) {
	open, err := s.file.Stat()
	if err != nil {
		return false, err
	}
	named, err := os.Stat(s.path)
	if err != nil {
		return false, err
	}
	return !os.SameFile(open, named), nil
}
