// Package statopen finds where a path is inspected, then opened, and the outcomes differ when it changes in between.
package statopen
