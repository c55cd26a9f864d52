// Size and time are a key for a cache: a file that changes in between is read
// anew under its next key.
package benign

import (
	"fmt"
	"os"
)

var digests = make(map[string]int)

func lineCount(path string) (int, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	key := fmt.Sprintf("%s-%d-%d", path, info.Size(), info.ModTime().UnixNano())
	if n, ok := digests[key]; ok {
		return n, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, b := range data {
		if b == '\n' {
			n++
		}
	}
	digests[key] = n
	return n, nil
}
