// Package tornwrite finds where a file that will be read back is truncated and
// rewritten in place.
//
// Package race weighs the signs that somebody will read it; this package words
// the finding and offers the fix.
package tornwrite
