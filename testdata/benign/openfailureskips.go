// Whatever goes wrong, the candidate is skipped: a file that has vanished is
// one that was never there.
package benign

import (
	"os"
	"strings"
)

func firstLines(paths []string) []string {
	var lines []string
	for _, path := range paths {
		if _, err := os.Stat(path); err != nil {
			continue
		}
		data, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		line, _, _ := strings.Cut(string(data), "\n")
		lines = append(lines, line)
	}
	return lines
}
