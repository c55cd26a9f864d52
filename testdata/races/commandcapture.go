// The path is captured by the function of a command.
package races

import (
	"fmt"
	"os"
)

type command struct {
	name string
	run  func() error
}

func initCommand(path string) *command {
	return &command{
		name: "init",
		run: func() error {
			if _, err := os.Stat(path); err == nil {
				return fmt.Errorf("%s is there already", path)
			}
			return os.WriteFile(path, []byte("{}\n"), 0o644) // want `existscreate: os.WriteFile truncates`
		},
	}
}
