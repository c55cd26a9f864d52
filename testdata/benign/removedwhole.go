// The directory goes with all that is in it, however much that is; or it is removed by
// os.Remove, which refuses one that is not empty.
package benign

import (
	"log"
	"os"
)

func dropCounted(dir string) error {
	if entries, err := os.ReadDir(dir); err == nil {
		log.Print(len(entries), " entries go")
	}
	return os.RemoveAll(dir)
}

// What is in it is what is to go.
func dropFilled(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) == 0 {
		return err
	}
	return os.RemoveAll(dir)
}

func isEmptyDir(dir string) (bool, error) {
	entries, err := os.ReadDir(dir)
	return len(entries) == 0, err
}

func dropIfFilled(dir string) error {
	empty, err := isEmptyDir(dir)
	if err != nil || empty {
		return err
	}
	return os.RemoveAll(dir)
}

func dropIfEmpty(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) > 0 {
		return err
	}
	return os.Remove(dir)
}
