package output

import (
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/edcacfbd/toctou/internal/severity"
)

// hostLevel is how the hosts of code call a severity.
type hostLevel struct{ sarif, github, gitLab, checkstyle, score string }

// hostLevels are the words of the hosts. A score is the least that GitHub shows as
// low, medium or high: it divides CVSS scores at 4.0 and at 7.0. What has no
// severity is shown as a warning.
var hostLevels = [...]hostLevel{
	severity.None:   {sarif.LevelWarning, "warning", "minor", "warning", ""},
	severity.Low:    {sarif.LevelNote, "notice", "minor", "info", "0.1"},
	severity.Medium: {sarif.LevelWarning, "warning", "major", "warning", "4.0"},
	severity.High:   {sarif.LevelError, "error", "critical", "error", "7.0"},
}
