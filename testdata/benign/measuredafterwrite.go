// What was written is measured when it is closed, for a message.
package benign

import (
	"fmt"
	"os"
)

func writeSlides(path string, data []byte) error {
	if err := os.WriteFile(path, data, 0o644); err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d bytes\n", path, info.Size())
	return nil
}
