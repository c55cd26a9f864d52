// Package lostupdate finds where a file is read, changed and written back with
// no lock.
//
// Package race follows the content from the read to the write; this package
// words the finding.
package lostupdate
