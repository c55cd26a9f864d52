// Package tempname finds where a temporary file has a name that others can
// foresee, or is not where it must be to be renamed.
//
// The operations and questions come from package race, and how well a name can
// be guessed from package fspath; this package words them.
package tempname
