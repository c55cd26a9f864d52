// A tool that works on the user's checkout: it runs once at a time, and can be
// run again.
package benign

import "os"

func writeNotes(data []byte) error {
	if err := os.WriteFile("NOTES.new", data, 0o644); err != nil {
		return err
	}
	return os.Rename("NOTES.new", "NOTES.md")
}

func appendNotes(path, line string) error {
	return os.WriteFile("NOTES.md", []byte(path+line), 0o644)
}
