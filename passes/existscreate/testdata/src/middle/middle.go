// Package middle passes on what another package does.
package middle

import (
	"files"
	"path/filepath"
)

// File returns the file that holds the value of a key.
func File(dir, key string) string { return filepath.Join(dir, key+".val") }

// Has reports whether the key has a value.
func Has(dir, key string) bool {
	ok, err := files.Exists(File(dir, key))
	return ok && err == nil
}

// Put stores the value of a key.
func Put(dir, key string, value []byte) error { return files.Write(File(dir, key), value) }
