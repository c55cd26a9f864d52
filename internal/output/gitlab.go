package output

import "io"

// These types are what GitLab reads of a code quality report.
type (
	gitLabIssue struct {
		Description string         `json:"description"`
		CheckName   string         `json:"check_name"`
		Fingerprint string         `json:"fingerprint"`
		Severity    string         `json:"severity"`
		Location    gitLabLocation `json:"location"`
	}
	gitLabLocation struct {
		Path  string      `json:"path"`
		Lines gitLabLines `json:"lines"`
	}
	gitLabLines struct {
		Begin int `json:"begin"`
		End   int `json:"end"`
	}
)

// writeGitLab writes a code quality report.
func writeGitLab(w io.Writer, r *Report) error {
	issues := []gitLabIssue{}
	for _, f := range r.Findings {
		path, _ := r.inRepository(f.Use)
		issues = append(issues, gitLabIssue{
			Description: f.Message,
			CheckName:   f.Rule,
			Fingerprint: f.Fingerprint,
			Severity:    hostLevels[f.Severity].gitLab,
			Location:    gitLabLocation{path, gitLabLines{f.Use.Start.Line, f.Use.End.Line}},
		})
	}
	return encode(w, issues)
}
