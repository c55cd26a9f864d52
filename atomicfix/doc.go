// Package atomicfix replaces files so that a reader, a crash or a second
// process sees the old content or the new, and nothing in between.
package atomicfix
