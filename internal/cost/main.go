// Cost measures what toctou costs on a checkout, against the least that such a
// tool can cost and against others, and prints a table for docs/benchmarks.md:
//
//	go run ./internal/cost CHECKOUT
//
// All contenders take turns in each round. Ratios are taken within a round, so
// that what else the machine does weighs on both sides, and their median is
// printed.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintf(os.Stderr, "cost: %v\n", err)
		os.Exit(1)
	}
}

func run() error {
	rounds := flag.Int("rounds", 5, "measure `n` times")
	patterns := flag.String("packages", "./...", "the packages to analyse, separated by spaces")
	skip := flag.String("skip", "", "leave out the contenders whose names match the `regexp`, and those compared with them")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: go run ./internal/cost [flags] CHECKOUT")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 1 || *rounds < 1 {
		flag.Usage()
		os.Exit(2)
	}
	dir, err := filepath.Abs(flag.Arg(0))
	if err != nil {
		return err
	}
	tmp, err := os.MkdirTemp("", "cost")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)

	b := &bench{dir: dir, tmp: tmp, patterns: strings.Fields(*patterns), copied: make(map[string]bool)}
	if err := b.build(); err != nil {
		return err
	}
	list := b.contenders()
	if *skip != "" {
		re, err := regexp.Compile(*skip)
		if err != nil {
			return err
		}
		list = without(list, re)
	}
	// The first run compiles export data of all packages and of their test variants,
	// which is not part of any contender's cost.
	for _, c := range list {
		if _, err := b.measure(c); err != nil {
			return err
		}
	}
	for round := range *rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round+1, *rounds)
		for i := range list {
			m, err := b.measure(list[i])
			if err != nil {
				return err
			}
			list[i].runs = append(list[i].runs, m)
		}
	}
	printTable(os.Stdout, list)
	return nil
}

// build builds toctou and the floors.
func (b *bench) build() error {
	cmd := exec.Command("go", "build", "-o", b.tmp+string(filepath.Separator),
		"github.com/edcacfbd/toctou/cmd/toctou",
		"github.com/edcacfbd/toctou/internal/cost/vetfloor",
		"github.com/edcacfbd/toctou/internal/cost/loadfloor")
	cmd.Stderr = os.Stderr
	return cmd.Run()
}
