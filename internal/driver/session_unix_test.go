//go:build unix

package driver

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
	"golang.org/x/tools/go/packages"
)

// BenchmarkSession measures what an edit costs in a package of this repository that
// works with files: the computing time of an analysis, without that of parsing and
// type-checking alone, which comes before any analysis.
//
//	go test -run='^$' -bench=Session -benchtime=40x ./internal/driver
func BenchmarkSession(b *testing.B) {
	file, err := filepath.Abs("fixapply.go")
	if err != nil {
		b.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	text := func(i int) map[string][]byte {
		return map[string][]byte{file: append(fmt.Appendf(nil, "// Edit %d.\n", i), data...)}
	}
	s := newSessions(nil, io.Discard)
	s.Analyze(text(-1))
	var analysis, loading float64
	for i := range b.N {
		began := computed(b)
		s.Analyze(text(i))
		analysis += computed(b) - began
		for _, one := range s.of {
			if one.lists != 1 || one.env.Stats.Packages.Load() != 1 {
				b.Fatalf("%d listings, %d packages", one.lists, one.env.Stats.Packages.Load())
			}
			began = computed(b)
			p := one.listing.program
			p.Renew(text(i), func(name string) bool { return name == file })
			p.Each(func(int, *packages.Package, func()) {})
			loading += computed(b) - began
		}
	}
	b.ReportMetric(0, "ns/op") // of both together: says nothing
	b.ReportMetric(analysis/float64(b.N), "cpu-ms-edit")
	b.ReportMetric(loading/float64(b.N), "cpu-ms-load")
	b.ReportMetric((analysis-loading)/float64(b.N), "cpu-ms-ours")
}

// computed returns how many milliseconds the process has computed. On a busy machine it
// says more than the clock on the wall.
func computed(b *testing.B) float64 {
	var r unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return float64(r.Utime.Nano()+r.Stime.Nano()) / 1e6
}
