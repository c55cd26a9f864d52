// Package tempname finds where a temporary file has a name that others can foresee, or is not where it must be to be renamed.
package tempname
