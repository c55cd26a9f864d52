// Package tornwrite finds where a file that will be read back is truncated and
// rewritten in place.
//
// Package race weighs the signs that the file is read again; this package formulates the
// message and offers the fix.
package tornwrite
