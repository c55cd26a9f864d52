// Package fdlife finds where a file descriptor is used after its file may have
// been closed.
//
// Package race knows who refers to the file, and when; this package words the
// finding.
package fdlife
