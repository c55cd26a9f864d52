package race

import "testing"

// TestWeigh checks which facts make a reason, and which outweigh others. The weights
// of the classes are measured; what is checked is what they are for: a decisive sign
// suffices, a strong one needs another, an excluding one ends it.
func TestWeigh(t *testing.T) {
	for _, test := range []struct {
		name  string
		facts fact
		want  Reason
	}{
		{"nothing is known", 0, tornUnread},
		{"a decisive sign suffices", parsedBack, tornLoaded},
		{"so does another one", fallsBack, tornFallback},
		{"a strong sign needs another one", readBack, tornMaybe},
		{"a strong sign and one that supports it", readBack | userDir, tornRead},
		{"the heaviest sign gives the reason", encoded | private, tornState},
		{"a supporting sign alone is too little", userDir, tornUnread},
		{"an edit in place, whatever the user has named", edited | fromArgument, tornEdited},
		{"a reader that takes half a file for none", readBack | healed, tornRemade},
		{"a directory that is moved later excludes a loss", parsedBack | movedLater, tornRemade},
		{"so does a name that is new each time", encoded | private | uniqueName, tornRemade},
	} {
		if got := weigh(test.facts).reason(); got != test.want {
			t.Errorf("%s: the reason is %q, want %q", test.name, got.ID, test.want.ID)
		}
	}
	sum := 0
	for _, s := range weigh(readBack | userDir).signs {
		sum += s.Weight()
	}
	if got := weigh(readBack | userDir).sum; got != sum || got < ReportAt {
		t.Errorf("the sum is %d; its signs weigh %d, and a finding is reported at %d", got, sum, ReportAt)
	}
}
