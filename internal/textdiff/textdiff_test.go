package textdiff

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestFileDiff(t *testing.T) {
	const old = "func f() error {\n\ta()\n\tif err != nil {\n\t\treturn err\n\t}\n\tb()\n\tif err != nil {\n\t\treturn err\n\t}\n}\n"
	text := strings.Replace(strings.Replace(old, "a()", "c()\n\tdefer d()", 1), "b()", "e()", 1)
	got := string(Files("f.go", []byte(old), []byte(text)))
	want := "diff a/f.go b/f.go\n--- a/f.go\n+++ b/f.go\n@@ -1,9 +1,10 @@\n" +
		" func f() error {\n-\ta()\n+\tc()\n+\tdefer d()\n \tif err != nil {\n \t\treturn err\n \t}\n-\tb()\n+\te()\n \tif err != nil {\n \t\treturn err\n \t}\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if d := Files("f.go", []byte(old), []byte(old)); len(d) > 0 {
		t.Errorf("of equal texts: %s", d)
	}
}

// TestFileDiffApplies has patch make of one text the other by their diff.
func TestFileDiffApplies(t *testing.T) {
	patch, err := exec.LookPath("patch")
	if err != nil {
		t.Skip("there is no patch")
	}
	texts := []string{
		"", "a\n", "a\nb\nc\n", "c\nb\na\n", strings.Repeat("x\n", 3), strings.Repeat("x\n", 2), "x\na\nx\nb\nx\n", "-\n--\n-- x\n", "+\n++ y\n@@ -1 +1 @@\n",
		"a\n\n\nb\n", "a\n\nb\n\n", strings.Repeat("same\n", 9) + "end\n", strings.Repeat("same\n", 7) + "other\nend\n",
	}
	for _, old := range texts {
		for _, text := range texts {
			if old == "" || text == "" || old == text {
				continue // patch would make or remove the file
			}
			name := filepath.Join(t.TempDir(), "f")
			if err := os.WriteFile(name, []byte(old), 0o666); err != nil {
				t.Fatal(err)
			}
			d := Files("f", []byte(old), []byte(text))
			cmd := exec.Command(patch, name)
			cmd.Stdin = bytes.NewReader(d)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s\n%s", err, out, d)
			}
			if got, err := os.ReadFile(name); err != nil || string(got) != text {
				t.Errorf("%q became %q (%v), not %q, by\n%s", old, got, err, text, d)
			}
		}
	}
}
