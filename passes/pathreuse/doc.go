// Package pathreuse finds where a file is open, and its path is looked up again.
package pathreuse
