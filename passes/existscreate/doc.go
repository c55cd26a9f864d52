// Package existscreate finds where a path is found absent, then created over
// whatever is there by then.
//
// Which pairs those are is decided in package race, by what the program does in
// either case; this package words them and offers the fix.
package existscreate
