// Package resolveopen finds where a path is resolved and found to lie within a
// directory, then used by its name.
//
// A link that is made in between leads outside. The operations and questions
// come from package race; this package words them.
package resolveopen
