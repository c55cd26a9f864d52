package walkrace

import (
	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/race"
)

// byHand offers no fix, and says what can be done by hand.
func byHand(*analysis.Pass, *race.Engine, *race.Finding) ([]analysis.SuggestedFix, fix.Refusal) {
	return nil, "a tree that others may change is walked beneath an os.Root, as with fs.WalkDir(root.FS(), ...): the callback gets other names then, and has to use the root, too"
}
