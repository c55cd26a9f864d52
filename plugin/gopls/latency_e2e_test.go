//go:build e2e

package gopls_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/edcacfbd/toctou/plugin/gopls"
)

// BenchmarkEdit measures the time from an edit to the diagnostics that follow
// from it, in a package of this repository that works with files, with the
// passes and without. Both servers take turns, so that what else the machine
// does falls on both.
//
//	go test -tags=e2e -run='^$' -bench=Edit -benchtime=101x ./plugin/gopls
func BenchmarkEdit(b *testing.B) {
	root, err := filepath.Abs("../..")
	if err != nil {
		b.Fatal(err)
	}
	program := built(b, buildDefault)
	on := newTypist(b, program, root, true)
	off := newTypist(b, program, root, false)
	for range 5 { // until the caches are warm
		on.edit()
		off.edit()
	}
	var with, without, ours []float64
	onCPU, offCPU := on.cpu(), off.cpu()
	b.ResetTimer()
	for i := range b.N {
		var x, y float64
		if i%2 == 0 {
			x = on.edit()
			y = off.edit()
		} else {
			y = off.edit()
			x = on.edit()
		}
		with, without, ours = append(with, x), append(without, y), append(ours, x-y)
	}
	b.ReportMetric(0, "ns/op") // of both together: says nothing
	b.ReportMetric(median(with), "ms-with")
	b.ReportMetric(median(without), "ms-without")
	b.ReportMetric(median(ours), "ms-ours")
	b.ReportMetric(median(with)/median(without), "ratio")
	if onCPU > 0 {
		n := float64(b.N)
		onCPU, offCPU = (on.cpu()-onCPU)/n, (off.cpu()-offCPU)/n
		b.ReportMetric(onCPU-offCPU, "cpu-ms-ours")
		b.ReportMetric(onCPU/offCPU, "cpu-ratio")
	}
}

func median(list []float64) float64 { return slices.Sorted(slices.Values(list))[len(list)/2] }

// A typist writes another comment at the top of a file with each edit, so that
// no cache has seen the text before.
type typist struct {
	*buffer
	name, text string
	line       int // of what is waited for, without the comment
	edits      int
}

// marker is a mistake that gopls reports with our passes and without: both
// arrive together.
const marker = `
func init() { fmt.Printf("%d\n", "no number") }
`

func newTypist(b *testing.B, program, root string, on bool) *typist {
	b.Helper()
	analyses := make(map[string]bool)
	for _, a := range gopls.Suite {
		analyses[a.Name] = on
	}
	file := filepath.Join(root, "internal", "driver", "fixapply.go")
	data, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	text := string(data) + marker
	c := start(b, program, root, map[string]any{"analyses": analyses, "diagnosticsDelay": "0s"})
	y := &typist{
		buffer: c.open(file, text), text: text, line: strings.Count(text, "\n") - 1,
		name: fmt.Sprintf("%d-%v", time.Now().UnixNano(), on),
	}
	y.awaitMarker(0)
	return y
}

// edit changes the text, and returns how many milliseconds the diagnostics take.
func (y *typist) edit() float64 {
	y.edits++
	// One line and two by turns: what is waited for moves.
	lines := 1 + y.edits%2
	comment := strings.Repeat(fmt.Sprintf("// %s-%d\n", y.name, y.edits), lines)
	began := time.Now()
	y.change(comment + y.text)
	y.awaitMarker(lines)
	return float64(time.Since(began).Microseconds()) / 1000
}

// cpu returns how many milliseconds the server has computed, or 0 where that is
// not known. On a busy machine it says more than the elapsed time.
func (y *typist) cpu() float64 {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", y.pid))
	if err != nil {
		return 0
	}
	// See proc_pid_stat(5): behind the name, which may have blanks in it, the
	// 12th and 13th field are user and system time in hundredths of a second.
	fields := strings.Fields(string(data[bytes.LastIndexByte(data, ')')+1:]))
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return 10 * (user + system)
}

// awaitMarker waits for the diagnostics of the text below so many lines.
func (y *typist) awaitMarker(lines int) {
	y.await(y.file, y.version, func(list []diagnostic) bool {
		return slices.ContainsFunc(list, func(d diagnostic) bool { return d.Source == "printf" && d.Range.Start.Line == y.line+lines })
	})
}
