// What somebody has written meanwhile is gone.
package races

import (
	"fmt"
	"os"
)

func initConfig(path string) error {
	_, err := os.Stat(path)
	if err == nil {
		return nil
	}
	if !os.IsNotExist(err) {
		return err
	}
	f, err := os.Create(path) // want `existscreate: os.Create truncates a file that another process creates after the os.Stat on line 10`
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = fmt.Fprintln(f, "# see the manual for what can be set here")
	return err
}
