// Package imports has the ways in which files import.
package imports

import (
	"encoding/json"
	"fmt"
	"os"

	"example.com/a/b"
	"github.com/zzz/last"
)

func (s *state) saveJSON() error {
	data, err := json.Marshal(b.B)
	if err != nil {
		return fmt.Errorf("%s: %w", last.L, err)
	}
	return os.WriteFile(s.path, data, 0600) // want `truncates`
}
