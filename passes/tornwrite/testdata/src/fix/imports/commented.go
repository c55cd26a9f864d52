package imports

import (
	"fmt"     // for Println
	"os"      // for WriteFile
	"strings" // for ToLower
)

func (s *state) saveCommented(text string) error {
	fmt.Println(os.Getpid())
	return os.WriteFile(s.path, []byte(strings.ToLower(text)), 0600) // want `truncates`
}
