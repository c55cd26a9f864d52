// Package lostupdate finds where a file is read, changed and written back with no lock.
package lostupdate
