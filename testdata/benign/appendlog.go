// The file is appended to and not truncated; the check only decides on a
// heading.
package benign

import (
	"fmt"
	"os"
)

func appendRow(path, row string) error {
	_, err := os.Stat(path)
	fresh := os.IsNotExist(err)
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if fresh {
		fmt.Fprintln(f, "time,event")
	}
	if _, err := fmt.Fprintln(f, row); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
