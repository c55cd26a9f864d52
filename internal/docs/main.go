// Docs writes the pages in docs/rules from what the passes say of themselves:
//
//	go run ./internal/docs
//
// A test fails when the pages are not what it would write.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := write(filepath.Join("docs", "rules")); err != nil {
		fmt.Fprintln(os.Stderr, "docs:", err)
		os.Exit(1)
	}
}

// write writes the pages to the directory, which is there if this is the root
// of the repository.
func write(dir string) error {
	for name, text := range pages() {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o666); err != nil {
			return err
		}
	}
	return nil
}
