// Vetfloor is a vet tool that does nothing but carry facts: what any vet tool
// with facts costs at the least.
package main

import (
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/unitchecker"
)

// fact is about nothing: that the analyzer has a type of facts makes go vet
// visit every dependency.
type fact struct{}

// AFact marks fact as a fact.
func (*fact) AFact() {}

func main() {
	unitchecker.Main(&analysis.Analyzer{
		Name:      "vetfloor",
		Doc:       "do nothing",
		FactTypes: []analysis.Fact{new(fact)},
		Run:       func(*analysis.Pass) (any, error) { return nil, nil },
	})
}
