// A formatter writes back the source that the user has told it to.
package benign

import (
	"bytes"
	"flag"
	"go/format"
	"log"
	"os"
)

func formatAll() {
	flag.Parse()
	for _, file := range flag.Args() {
		src, err := os.ReadFile(file)
		if err != nil {
			log.Fatal(err)
		}
		formatted, err := format.Source(src)
		if err != nil {
			log.Fatal(err)
		}
		if bytes.Equal(src, formatted) {
			continue
		}
		if err := os.WriteFile(file, formatted, 0o644); err != nil {
			log.Fatal(err)
		}
	}
}
