// That the directory has appeared is logged, and the program goes on.
package benign

import (
	"log"
	"os"
)

func prepareScratch(dir string) {
	if _, err := os.Stat(dir); os.IsNotExist(err) {
		if err := os.Mkdir(dir, 0o755); err != nil {
			log.Print(err)
		}
	}
}
