package passes_test

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/edcacfbd/toctou/internal/passtest"
	"github.com/edcacfbd/toctou/internal/settings"
)

var update = flag.Bool("update", false, "write testdata/reasons.txt anew")

// reasonsFile lists the reasons that are found in each specimen of the corpus.
var reasonsFile = filepath.Join("..", "testdata", "reasons.txt")

const reasonsHead = `# The reasons of each specimen, as go test ./passes -run TestReasons -update writes
# them: pass/reason for whatever is found there, and = for what is silent. A line
# with nothing after the colon says that no two operations are a pair.
`

// TestReasons checks that each specimen of the corpus is found, or harmless, for
// the reasons that testdata/reasons.txt gives. A specimen that is silent for
// another reason than its own tests nothing.
func TestReasons(t *testing.T) {
	got := make(map[string]string)
	for _, dir := range []string{"benign", "benign/strict", "races", "races/strict"} {
		maps.Copy(got, reasonsOf(t, dir))
	}
	if *update {
		text := bytes.NewBufferString(reasonsHead)
		for _, name := range slices.Sorted(maps.Keys(got)) {
			fmt.Fprintln(text, strings.TrimSpace(name+": "+got[name]))
		}
		if err := os.WriteFile(reasonsFile, text.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want := readReasons(t)
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if reasons, ok := want[name]; !ok {
			t.Errorf("%s does not list testdata/%s; go test ./passes -run TestReasons -update adds it", reasonsFile, name)
		} else if reasons != got[name] {
			t.Errorf("testdata/%s: the reasons are %q, want %q", name, got[name], reasons)
		}
		delete(want, name)
	}
	for name := range want {
		if _, err := os.Stat(filepath.Join("..", "testdata", name)); err != nil { // or else it is of another system
			t.Errorf("%s lists testdata/%s, which does not exist", reasonsFile, name)
		}
	}
}

// readReasons reads the file that lists the reasons, by specimen.
func readReasons(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(reasonsFile)
	if err != nil {
		t.Fatal(err)
	}
	want := make(map[string]string)
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		name, reasons, ok := strings.Cut(line, ":")
		if _, twice := want[name]; !ok || twice {
			t.Errorf("%s: want one line NAME: REASONS for each specimen, have %q", reasonsFile, line)
		}
		want[name] = strings.TrimSpace(reasons)
	}
	return want
}

// candidate is the line that -debug prints of a pair of operations.
var candidate = regexp.MustCompile(`^(.+?\.go):\d+:\d+: (\w+): (silent|strict|report): .* \(([\w-]+)(: [^)]*)?\)$`)

// reasonsOf returns the reasons of each specimen in a directory below testdata,
// joined by blanks.
func reasonsOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	var mu sync.Mutex
	found := make(map[string][]string)
	s := passtest.Suite(settings.Settings{Strict: true})
	s.Env.Debug = func(format string, args ...any) {
		m := candidate.FindStringSubmatch(fmt.Sprintf(format, args...))
		if m == nil {
			return
		}
		reason := m[2] + "/" + m[4]
		if m[3] == "silent" {
			reason = "=" + reason
		}
		mu.Lock()
		defer mu.Unlock()
		name := dir + "/" + filepath.Base(m[1])
		if !slices.Contains(found[name], reason) {
			found[name] = append(found[name], reason)
		}
	}
	reasons := make(map[string]string)
	for file := range corpusWith(t, dir, s) {
		name := dir + "/" + file
		slices.Sort(found[name])
		reasons[name] = strings.Join(found[name], " ")
	}
	return reasons
}
