//go:build !never

package a

import "os"

// nope: with a constraint, what the comment is for may be compiled elsewhere
func constrained(path string) ([]byte, error) {
	return os.ReadFile(path) //toctou:ignore another file is missing here
}
