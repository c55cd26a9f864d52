package checkact

import (
	"fmt"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/pass"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/report"
)

// Rule describes the pass.
var Rule = report.Rule{
	Name:  "checkact",
	Title: "a path is inspected, then removed, renamed, chmodded, executed or connected to on the strength of it",
	CWE:   []int{367, 363},
	Doc:   "a path is inspected, then removed, renamed, chmodded, executed or connected to on the strength of it",
}

// New returns the pass on the engine e.
func New(e *race.Engine) *analysis.Analyzer {
	return pass.New(e, Rule, message, nil)
}

func message(s *pass.Speaker, f *race.Finding) string {
	use, check := s.Op(f.Use), s.On(f.Check)
	switch f.Check.Effect {
	case fsapi.Connect:
		return fmt.Sprintf("%s removes the socket of a process that listens after %s", use, check)
	case fsapi.CreateExclusive:
		return fmt.Sprintf("%s removes the file of whoever has won %s", use, check)
	case fsapi.SetOwner:
		return fmt.Sprintf("%s follows a link that the new owner puts there after %s", use, check)
	case fsapi.Remove, fsapi.Move:
		if f.Use.Effect == fsapi.Listen {
			return fmt.Sprintf("%s takes the name that another process may have listened on before %s", use, check)
		}
		return fmt.Sprintf("%s leaves a time after %s in which there is nothing at the path", use, check)
	}
	if f.Aspect != race.Existence {
		return trusts(f, use, check)
	}
	if f.Use.Effect == fsapi.Exec {
		return fmt.Sprintf("%s fails if the program vanishes after %s, which handles its absence", use, check)
	}
	return fmt.Sprintf("%s fails if the file vanishes after %s, which handles its absence", use, check)
}

// trusts words an act on what may be another object than the one that was
// inspected.
func trusts(f *race.Finding, use, check string) string {
	switch {
	case f.Use.Effect == fsapi.Exec:
		return fmt.Sprintf("%s may run another program than the one whose %s was checked by %s", use, f.Aspect, check)
	case f.Use.Effect == fsapi.SetMode, f.Use.Effect == fsapi.SetOwner:
		return fmt.Sprintf("%s applies what %s has found to a file that may be another one by now", use, check)
	case f.Aspect == race.Answer:
		return fmt.Sprintf("%s may remove another file than the one that was read by %s", use, check)
	}
	return fmt.Sprintf("%s may remove another file than the one whose %s was checked by %s", use, f.Aspect, check)
}
