// Package checkact finds where a path is inspected, then removed, renamed,
// executed or changed on the strength of what was found.
//
// The object may be another one by then, or gone. The operations and questions
// come from package race; this package words them.
package checkact
