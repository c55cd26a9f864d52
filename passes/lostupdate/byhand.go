package lostupdate

import (
	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/race"
)

// byHand offers no fix, and says what can be done by hand.
func byHand(*analysis.Pass, *race.Engine, *race.Finding) ([]analysis.SuggestedFix, fix.Refusal) {
	return nil, "which processes change the file, and by which lock they take turns, is not in the code: the helper's Update holds a lock over the load, the change and the save, if all of them use it"
}
