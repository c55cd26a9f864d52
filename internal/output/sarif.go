package output

import (
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/edcacfbd/toctou/internal/finding"
	"github.com/edcacfbd/toctou/internal/fingerprint"
	"github.com/edcacfbd/toctou/internal/rule"
)

// home is where people find the program.
const home = "https://github.com/edcacfbd/toctou"

// sourceRoot is what file names are relative to in SARIF: the root of the
// repository, wherever that lies. GitHub knows it by this name.
const sourceRoot = "%SRCROOT%"

// writeSARIF writes SARIF 2.1.0, as far as GitHub's code scanning reads it and
// a little further.
func writeSARIF(w io.Writer, r *Report) error {
	s := &sarifWriter{r, make(sources)}
	return sarif.NewReport().AddRun(s.run()).PrettyWrite(w)
}

type sarifWriter struct {
	*Report
	sources sources
}

func (s *sarifWriter) run() *sarif.Run {
	run := sarif.NewRunWithInformationURI("toctou", home).WithColumnKind("utf16CodeUnits")
	run.Tool.Driver.WithVersion(s.Version)
	root := sarif.NewArtifactLocation().WithDescription(sarif.NewTextMessage("The root of the repository."))
	run.WithOriginalUriBaseIds(map[string]sarif.ArtifactLocation{sourceRoot: *root})
	for _, rule := range s.Rules {
		describeRule(run.AddRule(rule.Name), rule)
	}
	for _, f := range s.Findings {
		s.fill(run.CreateResultForRule(f.Rule), f)
	}
	return run.AddInvocation(s.invocation())
}

// invocation says whether the run analyzed all that it should have analyzed.
func (s *sarifWriter) invocation() *sarif.Invocation {
	inv := sarif.NewInvocation().WithExecutionSuccessful(len(s.Problems) == 0)
	for _, problem := range s.Problems {
		inv.AddToolExecutionNotification(sarif.NewNotification().
			WithLevel(sarif.LevelError).
			WithMessage(sarif.NewTextMessage(problem)))
	}
	return inv
}

// describeRule fills in what a code host shows beside each finding of a rule.
func describeRule(d *sarif.ReportingDescriptor, rule rule.Rule) {
	title := strings.ToUpper(rule.Title[:1]) + rule.Title[1:]
	properties := sarif.NewPropertyBag()
	if rule.Severity > 0 {
		properties.AddTag("security")
		properties.Add("security-severity", strconv.FormatFloat(rule.Severity, 'f', 1, 64))
	} else {
		properties.AddTag("reliability")
	}
	for _, cwe := range rule.CWE {
		properties.AddTag(fmt.Sprintf("external/cwe/cwe-%03d", cwe))
	}
	text := sarif.NewMultiformatMessageString().WithText(rule.Text())
	d.WithName(rule.Name).
		WithShortDescription(sarif.NewMultiformatMessageString().WithText(title)).
		WithFullDescription(sarif.NewMultiformatMessageString().WithText(title + ".")).
		WithHelp(text.WithMarkdown(rule.Markdown())).
		WithHelpURI(rule.URL()).
		WithDefaultConfiguration(sarif.NewReportingConfiguration().WithLevel(sarif.LevelWarning)).
		WithProperties(properties)
}

// fill fills in a finding.
func (s *sarifWriter) fill(result *sarif.Result, f *finding.Finding) {
	result.WithMessage(sarif.NewTextMessage(f.Message)).
		WithLevel(hostLevels[f.Severity].sarif).
		AddLocation(s.use(f)).
		WithPartialFingerprints(map[string]string{
			fmt.Sprintf("toctou/v%d", fingerprint.Version): f.Fingerprint,
			// The one that GitHub reads. It would make its own from the line.
			"primaryLocationLineHash": f.Fingerprint,
		})
	if f.Reason.ID != "" {
		result.WithProperties(s.properties(f))
	}
	var steps []*sarif.Location // from check to use, as they are run
	if f.Check != nil {
		result.AddRelatedLocation(s.location(*f.Check, f.Check.Says))
		steps = append(steps, s.location(*f.Check, f.Check.Says))
	}
	for _, note := range f.Notes {
		result.AddRelatedLocation(s.location(note.Place, note.Message))
	}
	for i, location := range result.RelatedLocations {
		location.WithID(i + 1)
	}
	if f.Check != nil {
		steps = append(steps, s.location(f.Use, f.Message))
		flow := sarif.NewThreadFlow()
		for i, step := range steps {
			flow.AddLocation(sarif.NewThreadFlowLocation().WithLocation(step).WithExecutionOrder(i + 1))
		}
		result.AddCodeFlow(sarif.NewCodeFlow().AddThreadFlow(flow))
	}
	for _, fix := range f.Fixes {
		result.AddFixe(s.fix(fix))
	}
}

// properties returns the reason and the severity of a finding. Only the findings
// of a security rule have a security-severity.
func (s *sarifWriter) properties(f *finding.Finding) *sarif.PropertyBag {
	properties := sarif.NewPropertyBag()
	properties.Add("reason", f.Reason.ID)
	properties.Add("because", f.Reason.Text)
	properties.Add("severity", f.Severity.String())
	if w := f.Witness; w != nil {
		properties.Add("witness", jsonWitness{string(w.Verdict), w.Test, w.Text})
	}
	if s.rule(f).Severity > 0 {
		properties.Add("security-severity", hostLevels[f.Severity].score)
	}
	return properties
}

// use returns where the finding is, with the function that it is in.
func (s *sarifWriter) use(f *finding.Finding) *sarif.Location {
	l := s.location(f.Use, "")
	if f.Function != "" {
		l.AddLogicalLocation(sarif.NewLogicalLocation().WithFullyQualifiedName(f.Package + "." + f.Function).WithKind("function"))
	}
	return l
}

// location returns a place, with what there is to say of it.
func (s *sarifWriter) location(p finding.Place, says string) *sarif.Location {
	l := sarif.NewLocation().WithPhysicalLocation(sarif.NewPhysicalLocation().
		WithArtifactLocation(s.artifact(p)).
		WithRegion(s.region(p)))
	if says != "" {
		l.WithMessage(sarif.NewTextMessage(says))
	}
	return l
}

func (s *sarifWriter) artifact(p finding.Place) *sarif.ArtifactLocation {
	name, below := s.inRepository(p)
	if !below {
		return sarif.NewArtifactLocation().WithURI((&url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(name, "/")}).String())
	}
	return sarif.NewArtifactLocation().WithURI((&url.URL{Path: name}).String()).WithURIBaseID(sourceRoot)
}

func (s *sarifWriter) region(p finding.Place) *sarif.Region {
	return sarif.NewRegion().
		WithStartLine(p.Start.Line).WithStartColumn(s.sources.utf16Column(p.Path, p.Start)).
		WithEndLine(p.End.Line).WithEndColumn(s.sources.utf16Column(p.Path, p.End))
}

// fix returns a fix, all edits of which are of one file.
func (s *sarifWriter) fix(f finding.Fix) *sarif.Fix {
	fix := sarif.NewFix().WithDescription(sarif.NewTextMessage(f.Message))
	if len(f.Edits) == 0 {
		return fix
	}
	change := sarif.NewArtifactChange().WithArtifactLocation(s.artifact(f.Edits[0].Place))
	for _, e := range f.Edits {
		r := sarif.NewReplacement().WithDeletedRegion(s.region(e.Place))
		if e.New != "" {
			r.WithInsertedContent(sarif.NewArtifactContent().WithText(e.New))
		}
		change.AddReplacement(r)
	}
	return fix.AddArtifactChange(change)
}
