package imports

import (
	system "os"

	safe "github.com/edcacfbd/toctou/atomicfix"
)

func (s *state) saveRenamed(data []byte) error {
	if len(data) == 0 {
		return safe.WriteFile(s.path, nil, 0600)
	}
	return system.WriteFile(s.path, data, 0600) // want `truncates`
}
