// Package pathreuse finds where a file is open, but its path is looked up again.
//
// Package race knows which file is open when; this package words the finding
// and offers the method of the handle.
package pathreuse
