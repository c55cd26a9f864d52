// Loadfloor loads and type-checks the packages that its arguments name, with
// export data for the rest: what any analysis of those costs at the least.
package main

import (
	"log"
	"os"

	"golang.org/x/tools/go/packages"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("loadfloor: ")
	cfg := &packages.Config{Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles |
		packages.NeedImports | packages.NeedTypes | packages.NeedTypesSizes |
		packages.NeedSyntax | packages.NeedTypesInfo | packages.NeedModule}
	if _, err := packages.Load(cfg, os.Args[1:]...); err != nil {
		log.Fatal(err)
	}
}
