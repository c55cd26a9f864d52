// Package helpersrc holds the source of the helper package atomicfix, for
// `toctou helper`, which writes it into other people's modules.
package helpersrc

import (
	_ "embed"

	"golang.org/x/tools/txtar"
)

// A package cannot embed the files of another module, so they are copied.
//
//go:generate go run ./gen
//go:embed atomicfix.txtar
var archive []byte

// Files returns the files of the helper, but for tests and module files.
func Files() []txtar.File { return txtar.Parse(archive).Files }

// Module returns the go.mod of the helper: which Go it needs, and what it imports.
func Module() []byte { return txtar.Parse(archive).Comment }
