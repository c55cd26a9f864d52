package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// bench is one comparison on one checkout.
type bench struct {
	dir      string
	tmp      string
	patterns []string
	copied   map[string]bool // the tools of go vet of which there is a copy
}

// A measurement is what one run took, child processes included.
type measurement struct {
	user time.Duration
	wall time.Duration
	peak int64 // bytes of the largest process
}

// measure runs a contender once.
func (b *bench) measure(c *contender) (measurement, error) {
	args, err := c.command()
	if err != nil {
		return measurement{}, fmt.Errorf("%s: %w", c.name, err)
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = b.dir
	cmd.Env = append(os.Environ(), c.env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	start := time.Now()
	err = cmd.Run()
	wall := time.Since(start)
	var exit *exec.ExitError
	if err != nil && !(errors.As(err, &exit) && slices.Contains(c.exits, exit.ExitCode())) {
		return measurement{}, fmt.Errorf("%s: %w: %s", c.name, err, stderr.Bytes())
	}
	return measurement{cmd.ProcessState.UserTime(), wall, peakMemory(cmd.ProcessState)}, nil
}

// printTable writes the medians, and those of the ratios to the contender that each one
// is compared with.
func printTable(w io.Writer, list []*contender) {
	byName := make(map[string]*contender)
	fmt.Fprintln(w, "| | user | wall | peak | compared with | user | wall | peak |")
	fmt.Fprintln(w, "|---|---|---|---|---|---|---|---|")
	for _, c := range list {
		byName[c.name] = c
		fmt.Fprintf(w, "| %s | %.2f s | %.2f s | %.0f MB | %s |", c.name,
			c.median(userTime), c.median(wallTime), c.median(peak)/1e6, c.floor)
		floor := byName[c.floor]
		if floor == nil {
			fmt.Fprintln(w, strings.Repeat(" |", 3))
			continue
		}
		for _, of := range []func(measurement) float64{userTime, wallTime, peak} {
			fmt.Fprintf(w, " %.2f |", c.ratio(floor, of))
		}
		fmt.Fprintln(w)
	}
}

func userTime(m measurement) float64 { return m.user.Seconds() }
func wallTime(m measurement) float64 { return m.wall.Seconds() }
func peak(m measurement) float64     { return float64(m.peak) }

// median returns the median of one property of the runs.
func (c *contender) median(of func(measurement) float64) float64 {
	var values []float64
	for _, m := range c.runs {
		values = append(values, of(m))
	}
	return median(values)
}

// ratio returns the median, over the rounds, of one property in relation to
// the same property of another contender.
func (c *contender) ratio(to *contender, of func(measurement) float64) float64 {
	var values []float64
	for i, m := range c.runs {
		values = append(values, of(m)/of(to.runs[i]))
	}
	return median(values)
}

func median(values []float64) float64 {
	slices.Sort(values)
	n := len(values)
	if n%2 == 1 {
		return values[n/2]
	}
	return (values[n/2-1] + values[n/2]) / 2
}
