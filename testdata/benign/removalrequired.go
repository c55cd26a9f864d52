// What is to be removed must be there: its absence is a failure at the check
// as well as at the removal.
package benign

import (
	"fmt"
	"os"
)

func removeProfile(path string) error {
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("no such profile: %w", err)
	}
	return os.Remove(path)
}
