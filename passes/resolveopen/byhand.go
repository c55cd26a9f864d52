package resolveopen

import (
	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/race"
)

// byHand offers no fix, and says what can be done by hand: each way refuses links that the
// check lets through, so that it is for the author to decide.
func byHand(_ *analysis.Pass, _ *race.Engine, f *race.Finding) ([]analysis.SuggestedFix, fix.Refusal) {
	switch f.Use.Effect {
	case fsapi.Open, fsapi.List:
		return nil, "os.OpenInRoot opens what is beneath the directory whatever others exchange, but it refuses links with an absolute target, which the check lets through"
	case fsapi.Connect:
		return nil, "no call connects to a socket beneath a directory: the directory must be one that no other user can change"
	}
	return nil, "an os.Root on the directory stays beneath it whatever others exchange, but it refuses links with an absolute target, which the check lets through"
}
