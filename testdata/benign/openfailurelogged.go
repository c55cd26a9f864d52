// A failure to open is logged, and the program goes on without the file, as
// it does when there is none.
package benign

import (
	"log"
	"os"
)

type banner struct {
	path string
	text string
}

func (b *banner) load() {
	if _, err := os.Stat(b.path); err != nil {
		return
	}
	text, err := os.ReadFile(b.path)
	if err != nil {
		log.Printf("banner: %v", err)
		return
	}
	b.text = string(text)
}
