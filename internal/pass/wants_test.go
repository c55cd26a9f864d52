package pass

import (
	"testing"

	"github.com/edcacfbd/toctou/internal/env"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/settings"
	"github.com/edcacfbd/toctou/internal/severity"
)

// TestWants checks which findings the settings include.
func TestWants(t *testing.T) {
	type reason struct {
		level    race.Level
		severity severity.Level
	}
	for _, test := range []struct {
		settings settings.Settings
		strict   bool // the pass's own flag
		reason   reason
		want     bool
	}{
		{settings.Settings{}, false, reason{race.Report, severity.Low}, true},
		{settings.Settings{}, false, reason{race.Strict, severity.High}, false},
		{settings.Settings{}, true, reason{race.Strict, severity.Low}, true},
		{settings.Settings{Strict: true}, false, reason{race.Strict, severity.Low}, true},
		{settings.Settings{Strict: true}, false, reason{race.Silent, severity.None}, false},
		{settings.Settings{Severity: severity.Low}, false, reason{race.Report, severity.Low}, true},
		{settings.Settings{Severity: severity.Medium}, false, reason{race.Report, severity.Low}, false},
		{settings.Settings{Severity: severity.Medium}, false, reason{race.Report, severity.Medium}, true},
		{settings.Settings{Severity: severity.Medium}, false, reason{race.Report, severity.High}, true},
		{settings.Settings{Severity: severity.Medium, Strict: true}, false, reason{race.Strict, severity.Low}, false},
	} {
		s := NewSuite(&test.settings, new(env.Env))
		s.passes[race.StatOpen] = registered{strict: &test.strict}
		f := &race.Finding{Kind: race.StatOpen, Reason: race.Reason{Level: test.reason.level, Severity: test.reason.severity}}
		if got := s.wants(f, "a.go"); got != test.want {
			t.Errorf("%+v, strict %t: a finding of level %s and severity %s is wanted: %t", test.settings, test.strict, test.reason.level, test.reason.severity, got)
		}
	}
}
