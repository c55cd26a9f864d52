// Package writechmod finds where a file is created first and protected afterwards, by path.
package writechmod
