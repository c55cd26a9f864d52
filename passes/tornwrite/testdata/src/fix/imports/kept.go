package imports

import "os"

func (s *state) load() ([]byte, error) { return os.ReadFile(s.path) }

func (s *state) saveKept(data []byte) error {
	return os.WriteFile(s.path, data, 0600) // want `truncates`
}
