// Both failures end the process, through a helper.
package benign

import (
	"fmt"
	"os"
)

func dieIf(err error, what string) {
	if err != nil {
		fmt.Fprintln(os.Stderr, what, err)
		os.Exit(1)
	}
}

func dump(path string) {
	_, err := os.Stat(path)
	dieIf(err, "stat")
	data, err := os.ReadFile(path)
	dieIf(err, "read")
	os.Stdout.Write(data)
}
