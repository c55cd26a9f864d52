// Package writechmod finds where a file is created first and protected afterwards,
// by path.
//
// Package race decides what is exposed in between; this package words it and
// offers the fix.
package writechmod
