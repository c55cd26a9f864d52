// Package passes is the suite: every pass of toctou on one engine.
package passes

import (
	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/env"
	"github.com/edcacfbd/toctou/internal/pass"
	"github.com/edcacfbd/toctou/internal/rule"
	"github.com/edcacfbd/toctou/internal/settings"
	"github.com/edcacfbd/toctou/passes/checkact"
	"github.com/edcacfbd/toctou/passes/existscreate"
	"github.com/edcacfbd/toctou/passes/fdlife"
	"github.com/edcacfbd/toctou/passes/lostupdate"
	"github.com/edcacfbd/toctou/passes/pathreuse"
	"github.com/edcacfbd/toctou/passes/resolveopen"
	"github.com/edcacfbd/toctou/passes/statopen"
	"github.com/edcacfbd/toctou/passes/tempname"
	"github.com/edcacfbd/toctou/passes/toctouignore"
	"github.com/edcacfbd/toctou/passes/tornwrite"
	"github.com/edcacfbd/toctou/passes/walkrace"
	"github.com/edcacfbd/toctou/passes/writechmod"
)

// Settings are what a user decides for all passes at once.
type Settings = settings.Settings

// Rule is what a user can read about one pass.
type Rule = rule.Rule

// suite lists the passes in the order in which documentation shows them.
var suite = []struct {
	rule *rule.Rule
	new  func(*pass.Suite) *analysis.Analyzer
}{
	{&statopen.Rule, statopen.New},
	{&existscreate.Rule, existscreate.New},
	{&writechmod.Rule, writechmod.New},
	{&tornwrite.Rule, tornwrite.New},
	{&pathreuse.Rule, pathreuse.New},
	{&checkact.Rule, checkact.New},
	{&tempname.Rule, tempname.New},
	{&resolveopen.Rule, resolveopen.New},
	{&walkrace.Rule, walkrace.New},
	{&lostupdate.Rule, lostupdate.New},
	{&fdlife.Rule, fdlife.New},
	{&toctouignore.Rule, toctouignore.New},
}

// New returns all passes, on one engine with the settings s, which may still
// change until the first of them runs.
func New(s *Settings) []*analysis.Analyzer {
	return Of(pass.NewSuite(s, new(env.Env)))
}

// Of returns all passes as those of the suite s.
func Of(s *pass.Suite) []*analysis.Analyzer {
	analyzers := make([]*analysis.Analyzer, 0, len(suite))
	for _, p := range suite {
		analyzers = append(analyzers, p.new(s))
	}
	return analyzers
}

// Rules returns the descriptions of the passes, in the order of the suite.
func Rules() []Rule {
	rules := make([]Rule, 0, len(suite))
	for _, p := range suite {
		rules = append(rules, *p.rule)
	}
	return rules
}
