// The name that was free is truncated, whoever has it by then.
package races

import (
	"fmt"
	"os"
)

func createNumbered(base string) (*os.File, error) {
	name := base
	for i := 1; ; i++ {
		if _, err := os.Stat(name); os.IsNotExist(err) {
			break
		}
		name = fmt.Sprintf("%s.%d", base, i)
	}
	return os.Create(name) // want `existscreate: os.Create truncates a file that another process creates after the os.Stat on line 12`
}
