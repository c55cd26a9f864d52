// Multichecker is a program with three passes of toctou beside one of vet's. It runs
// by itself and as the tool of go vet.
package main

import (
	"golang.org/x/tools/go/analysis/multichecker"
	"golang.org/x/tools/go/analysis/passes/nilfunc"

	"github.com/edcacfbd/toctou/passes/existscreate"
	"github.com/edcacfbd/toctou/passes/statopen"
	"github.com/edcacfbd/toctou/passes/tornwrite"
)

func main() {
	multichecker.Main(
		nilfunc.Analyzer,
		existscreate.Analyzer,
		statopen.Analyzer,
		tornwrite.Analyzer,
	)
}
