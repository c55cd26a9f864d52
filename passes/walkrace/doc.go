// Package walkrace finds where an entry found by walking a directory tree is
// changed or opened by its path.
//
// The entry, or a directory above it, may be a link by then. The operations
// come from package race; this package words them.
package walkrace
