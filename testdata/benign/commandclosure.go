// The check and the open both end the command with an error.
package benign

import (
	"fmt"
	"os"
)

type verbFunc func(args []string) error

var verbs = map[string]verbFunc{
	"show": func(args []string) error {
		path := args[0]
		if _, err := os.Stat(path); os.IsNotExist(err) {
			return fmt.Errorf("no file %s", path)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		_, err = os.Stdout.Write(data)
		return err
	},
}
