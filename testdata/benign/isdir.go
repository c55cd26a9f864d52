// IsDir picks the way; if the kind has changed by then, the call on that way
// fails, and says so.
package benign

import (
	"os"
	"path/filepath"
)

func sources(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		return []string{string(data)}, nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	var all []string
	for _, e := range entries {
		sub, err := sources(filepath.Join(path, e.Name()))
		if err != nil {
			return nil, err
		}
		all = append(all, sub...)
	}
	return all, nil
}
