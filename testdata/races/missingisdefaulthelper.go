// The same through a helper, five statements apart.
package races

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
)

func fileExists(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}

func ignorePatterns(dir string) ([]string, error) {
	if !fileExists(filepath.Join(dir, ".ignore")) {
		return nil, nil
	}
	var patterns []string
	name := filepath.Join(dir, ".ignore")
	f, err := os.Open(name) // want `statopen: os.Open fails if another process removes the file after the fileExists \(os.Stat\) on line 17`
	if err != nil {
		return nil, err
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if line := strings.TrimSpace(s.Text()); line != "" {
			patterns = append(patterns, line)
		}
	}
	return patterns, nil
}
