// Package fdlife finds where a file descriptor is used after its file may have been closed.
package fdlife
