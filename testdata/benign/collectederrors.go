// Absent or vanished, it goes on the same list of problems.
package benign

import (
	"fmt"
	"os"
)

func lint(paths []string) (problems []string) {
	for _, path := range paths {
		if _, err := os.Stat(path); os.IsNotExist(err) {
			problems = append(problems, fmt.Sprintf("%s: missing", path))
			continue
		}
		if _, err := os.ReadFile(path); err != nil {
			problems = append(problems, err.Error())
		}
	}
	return problems
}
