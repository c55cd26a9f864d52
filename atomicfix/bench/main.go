// Bench compares atomicfix with the os package, with the bare system calls that
// it makes, and with other libraries, and prints a Markdown table. It replaces
// a file of 4 KiB and one of 1 MiB, in a directory of each kind that is given:
//
//	go run . -dirs tmpfs=/dev/shm,disk=. -rounds 41
//
// All contenders take turns in every round, and what counts is the median over
// the rounds of the ratio to the same round's bare sequence: another load on the
// machine meets all of them.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/edcacfbd/toctou/atomicfix"
	"github.com/google/renameio/v2"
	"github.com/moby/sys/atomicwriter"
	"github.com/natefinch/atomic"
)

const perm = fs.FileMode(0o644)

// A contender replaces a file with data.
type contender struct {
	name    string
	durable string // what it syncs
	write   func(name string, data []byte) error
}

var contenders = []contender{
	{"bare system calls", "file, directory", func(name string, data []byte) error { return bare(name, data, true) }},
	{"**atomicfix.WriteFile**", "file, directory", func(name string, data []byte) error {
		return atomicfix.WriteFile(name, data, perm)
	}},
	{"renameio, then directory", "file, directory", thenDirectory(renameioWrite)},
	{"natefinch/atomic, then directory", "file, directory", thenDirectory(natefinchWrite)},
	{"moby atomicwriter, then directory", "file, directory", thenDirectory(mobyWrite)},
	{"renameio", "file", renameioWrite},
	{"natefinch/atomic", "file", natefinchWrite},
	{"moby atomicwriter", "file", mobyWrite},
	{"os.WriteFile, then fsync", "file, in place", func(name string, data []byte) error {
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, perm)
		if err != nil {
			return err
		}
		defer f.Close()
		if _, err := f.Write(data); err != nil {
			return err
		}
		return f.Sync()
	}},
	{"bare system calls, no sync", "nothing", func(name string, data []byte) error { return bare(name, data, false) }},
	{"**atomicfix, NoSync**", "nothing", func(name string, data []byte) error {
		return noSync.WriteFile(name, data, perm)
	}},
	{"os.WriteFile", "nothing, in place", func(name string, data []byte) error { return os.WriteFile(name, data, perm) }},
}

var noSync = atomicfix.With(atomicfix.NoSync())

func renameioWrite(name string, data []byte) error { return renameio.WriteFile(name, data, perm) }

func natefinchWrite(name string, data []byte) error {
	return atomic.WriteFile(name, bytes.NewReader(data))
}

func mobyWrite(name string, data []byte) error { return atomicwriter.WriteFile(name, data, perm) }

// thenDirectory makes a library as durable as atomicfix.
func thenDirectory(write func(string, []byte) error) func(string, []byte) error {
	return func(name string, data []byte) error {
		if err := write(name, data); err != nil {
			return err
		}
		d, err := os.Open(filepath.Dir(name))
		if err != nil {
			return err
		}
		defer d.Close()
		return d.Sync()
	}
}

func main() {
	log.SetFlags(0)
	dirs := flag.String("dirs", "tmpfs=/dev/shm,disk=.", "kinds and directories")
	rounds := flag.Int("rounds", 41, "rounds")
	cpu := flag.Bool("cpu", false, "count the processor's time, on a busy machine")
	slice := flag.Duration("slice", 10*time.Millisecond, "about how long a contender runs in a round")
	flag.Parse()
	clock := time.Now
	if *cpu {
		clock = processorTime
	}
	for _, kind := range strings.Split(*dirs, ",") {
		kind, dir, _ := strings.Cut(kind, "=")
		for _, size := range []int{4 << 10, 1 << 20} {
			if err := compare(os.Stdout, kind, dir, size, *rounds, *slice, clock); err != nil {
				log.Fatal(err)
			}
		}
	}
}

func compare(w io.Writer, kind, dir string, size, rounds int, slice time.Duration, clock func() time.Time) error {
	dir, err := os.MkdirTemp(dir, "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "target")
	data := bytes.Repeat([]byte("benchmark"), size/9+1)[:size]
	if err := os.WriteFile(name, data, perm); err != nil {
		return err
	}

	perOp := make([][]float64, len(contenders)) // seconds, by contender and round
	for round := range rounds {
		for _, i := range rand.Perm(len(contenders)) { // #nosec G404 -- the order of turns
			ops, start := 0, clock()
			for ops < 3 || clock().Sub(start) < slice {
				if err := contenders[i].write(name, data); err != nil {
					return fmt.Errorf("%s: %w", contenders[i].name, err)
				}
				ops++
			}
			if round > 0 { // the first one warms up
				perOp[i] = append(perOp[i], clock().Sub(start).Seconds()/float64(ops))
			}
		}
		if got, err := os.ReadFile(name); err != nil || !bytes.Equal(got, data) {
			return fmt.Errorf("content lost: %v", err)
		}
	}

	fmt.Fprintf(w, "\n### %d KiB, %s\n\n| | syncs | time, bare = 1 | middle half of the rounds |\n|---|---|---|---|\n", size>>10, kind)
	for i, c := range contenders {
		base := perOp[0]
		if strings.HasPrefix(c.durable, "nothing") {
			base = perOp[slices.IndexFunc(contenders, func(c contender) bool { return strings.HasSuffix(c.name, "no sync") })]
		}
		ratios := make([]float64, len(perOp[i]))
		for r := range ratios {
			ratios[r] = perOp[i][r] / base[r]
		}
		slices.Sort(ratios)
		n := len(ratios)
		fmt.Fprintf(w, "| %s | %s | %.2f | %.2f-%.2f |\n", c.name, c.durable, ratios[n/2], ratios[n/4], ratios[3*n/4])
	}
	return nil
}
