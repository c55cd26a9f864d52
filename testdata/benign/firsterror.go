// The first error is kept in a field; absent or vanished, there is one.
package benign

import "os"

type scanner struct {
	err   error
	bytes int
}

func (s *scanner) add(path string) {
	if s.err != nil {
		return
	}
	if _, err := os.Stat(path); err != nil {
		s.err = err
		return
	}
	data, err := os.ReadFile(path)
	if err != nil {
		s.err = err
		return
	}
	s.bytes += len(data)
}
