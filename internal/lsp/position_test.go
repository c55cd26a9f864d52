package lsp

import (
	"runtime"
	"testing"
)

// TestPositions checks that each byte at which a character begins has a position that
// leads back to it, and that what is beyond a line or a text is its end.
func TestPositions(t *testing.T) {
	const content = "a\r\nné🔒b\n\n\xff x"
	for _, utf8 := range []bool{false, true} {
		text := newText(content, utf8)
		for i, r := range content {
			if r == '\r' || r == '\n' {
				continue
			}
			p := text.position(i)
			if back, ok := text.offset(p); !ok || back != i {
				t.Errorf("utf8 %v: byte %d is at %+v, which is byte %d (%v)", utf8, i, p, back, ok)
			}
		}
		if p := text.position(1000); p.Line != 3 {
			t.Errorf("the end is in line %d, want 3", p.Line)
		}
		if at, ok := text.offset(position{0, 99}); !ok || at != 1 {
			t.Errorf("the end of the first line is byte %d (%v), want 1", at, ok)
		}
		for _, p := range []position{{4, 0}, {-1, 0}, {0, -1}} {
			if at, ok := text.offset(p); ok {
				t.Errorf("%+v is byte %d, want none", p, at)
			}
		}
	}
	// é takes one unit of UTF-16 and two bytes, the lock two and four.
	if p := newText(content, false).position(len("a\r\nné🔒")); p != (position{1, 4}) {
		t.Errorf("b is at %+v, want 1:4", p)
	}
	if p := newText(content, true).position(len("a\r\nné🔒")); p != (position{1, 7}) {
		t.Errorf("b is at %+v, want 1:7", p)
	}
}

// TestURIs checks that the name of a file survives its URI.
func TestURIs(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("names of Unix")
	}
	for _, file := range []string{"/a/b.go", "/a b/ü%20#?.go"} {
		if got := fileOf(uriOf(file)); got != file {
			t.Errorf("%s becomes %s, which is %s", file, uriOf(file), got)
		}
	}
	for uri, want := range map[string]string{
		"file:///a/%C3%BC.go": "/a/ü.go",
		"untitled:Untitled-1": "",
		"file://":             "",
		":":                   "",
		"git:/a/b.go?ref=x":   "",
	} {
		if got := fileOf(uri); got != want {
			t.Errorf("%s is %q, want %q", uri, got, want)
		}
	}
}
