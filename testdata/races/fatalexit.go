// The check goes on, the open ends the process, through a helper.
package races

import (
	"log"
	"os"
)

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func banner(path string) string {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return "welcome"
	}
	data, err := os.ReadFile(path) // want `statopen: os.ReadFile fails if another process removes the file`
	check(err)
	return string(data)
}
