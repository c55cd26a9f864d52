package nearest_test

import (
	"testing"

	"github.com/edcacfbd/toctou/internal/nearest"
)

func TestOf(t *testing.T) {
	words := []string{"fix", "help", "helper", "statopen", "resolveopen"}
	for word, want := range map[string]string{
		"fxi":         "fix",
		"fix":         "fix",
		"fmt":         "",
		"hepl":        "help",
		"helpre":      "helper",
		"statopn":     "statopen",
		"statopened":  "statopen",
		"stat-opened": "",
		"nobody":      "",
		"":            "",
	} {
		if got := nearest.Of(word, words); got != want {
			t.Errorf("Of(%q) = %q, want %q", word, got, want)
		}
	}
}
