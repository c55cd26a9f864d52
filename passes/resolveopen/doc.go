// Package resolveopen finds where a path is resolved and found to lie within a directory, then used by its name.
package resolveopen
