// Package checkact finds where a path is inspected, then removed, renamed, chmodded, executed or connected to on the strength of it.
package checkact
