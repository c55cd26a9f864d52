package driver

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestBuildID compares what is read of this program with what the go command
// reads.
func TestBuildID(t *testing.T) {
	name, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("go", "tool", "buildid", name).Output()
	if err != nil {
		t.Skip("there is no go command")
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got, want := string(readBuildID(f)), strings.TrimSpace(string(out)); got != want {
		t.Errorf("read %q, and the go command %q", got, want)
	}
}

// TestBuildIDOfText reads those in the text of a program.
func TestBuildIDOfText(t *testing.T) {
	const id = "uhB4hIS9tdbSvM6JrAY-/F1W-D6QzAJevZ5-_IEYb/YMwZHw2_9-N3zK2VgAtL/-MkSFzgBES4apNjAKfQB"
	for _, test := range []struct {
		text, want string
		usable     bool
	}{
		{"MZ\x90\x00\xff Go build ID: \"" + id + "\"\n \xff\xcc", id, true},
		{"MZ\x90\x00\xff Go build ID: \"redacted\"\n \xff\xcc", "redacted", false},
		{"MZ\x90\x00\xff Go build ID: \"" + id, "", false},
		{"MZ\x90\x00", "", false},
	} {
		got := readBuildID(bytes.NewReader([]byte(test.text)))
		if string(got) != test.want || buildID.Match(got) != test.usable {
			t.Errorf("%q: %q, usable %v", test.text, got, buildID.Match(got))
		}
	}
}
