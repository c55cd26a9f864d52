// The check words the failure of a command: both ends are the end of the
// process.
package benign

import (
	"fmt"
	"log"
	"os"
)

func printScript(path string) {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		fmt.Fprintf(os.Stderr, "%s does not exist\n", path)
		os.Exit(2)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		log.Fatal(err)
	}
	os.Stdout.Write(data)
}
