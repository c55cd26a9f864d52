// A missing file is an error either way: it does not matter which of the two
// calls meets it.
package benign

import (
	"encoding/json"
	"fmt"
	"os"
)

func readPlan(path string) (map[string]string, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	plan := make(map[string]string)
	return plan, json.Unmarshal(data, &plan)
}
