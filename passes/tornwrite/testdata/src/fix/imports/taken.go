package imports

import (
	"os"
	"strings"
)

func (s *state) saveTaken(text string) error {
	atomicfix := strings.NewReplacer("a", "b")
	return os.WriteFile(s.path, []byte(atomicfix.Replace(text)), 0600) // want `truncates`
}
