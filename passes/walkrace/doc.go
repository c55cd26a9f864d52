// Package walkrace finds where an entry found by walking a directory tree is changed or opened by its path.
package walkrace
