// A helper opens the file to see whether it is there, and closes it again.
package races

import "os"

func readable(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	f.Close()
	return true
}

func greeting(path string) (string, error) {
	if !readable(path) {
		return "hello", nil
	}
	text, err := os.ReadFile(path) // want `statopen: os.ReadFile fails if another process removes the file after the readable \(os.Open\) on line 16`
	return string(text), err
}
