// Package statopen finds where a path is inspected, then opened, and the outcomes
// differ when it changes in between.
//
// Which pairs those are is decided in package race, by what the program does in
// either case; this package words them and offers the fix.
package statopen
