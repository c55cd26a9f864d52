package imports

import . "os"

func (s *state) saveDot(data []byte) error {
	Remove(s.path + ".old")
	return WriteFile(s.path, data, 0600) // want `truncates`
}
