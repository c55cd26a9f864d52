package imports

import (
	"os"
)

type state struct{ path string }

func (s *state) saveState(data []byte) error {
	return os.WriteFile(s.path, data, 0600) // want `truncates`
}
