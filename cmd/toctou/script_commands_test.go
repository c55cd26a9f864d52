package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/edcacfbd/toctou/internal/scripttest"
)

// scriptCommands are the commands of our scripts in addition to those of testscript.
var scriptCommands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"exits":    scripttest.Exits,
	"findings": cmdFindings,
	"ssashare": cmdSSAShare,
	"oneline":  cmdOneLine,
}

// cmdOneLine is "oneline FILE": the file, or stdout or stderr, has exactly one
// line.
func cmdOneLine(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: oneline file")
	}
	if n := strings.Count(ts.ReadFile(args[0]), "\n"); n != 1 {
		ts.Fatalf("%s has %d lines, want one", args[0], n)
	}
}

// cmdFindings is "findings FILE": what the last command, a go vet -json, has
// printed, in the form of the command line's plain output.
func cmdFindings(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: findings file")
	}
	// Up to Go 1.25 they are on standard error, under a heading.
	text := ts.ReadFile("stdout") + "\n" + ts.ReadFile("stderr")
	text = regexp.MustCompile(`(?m)^#.*$`).ReplaceAllString(text, "")

	var lines []string
	for dec := json.NewDecoder(strings.NewReader(text)); ; {
		var units map[string]map[string][]struct{ Posn, Message string }
		err := dec.Decode(&units)
		if err == io.EOF {
			break
		}
		ts.Check(err)
		for _, passes := range units {
			for pass, diagnostics := range passes {
				for _, d := range diagnostics {
					file, err := filepath.Rel(ts.MkAbs("."), d.Posn)
					ts.Check(err)
					page := fmt.Sprintf(" (%s: https://github.com/edcacfbd/toctou/blob/main/docs/rules/%s.md)", pass, pass)
					message := strings.TrimSuffix(d.Message, page) // which go vet has, and the command line not
					lines = append(lines, fmt.Sprintf("%s: %s (%s)\n", file, message, pass))
				}
			}
		}
	}
	slices.SortFunc(lines, comparePositions)
	text = strings.Join(slices.Compact(lines), "")
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o666))
}

// comparePositions orders lines that begin with file:line:column.
func comparePositions(a, b string) int {
	x, y := strings.SplitN(a, ":", 4), strings.SplitN(b, ":", 4)
	for i := range x {
		m, errX := strconv.Atoi(x[i])
		n, errY := strconv.Atoi(y[i])
		c := m - n
		if errX != nil || errY != nil {
			c = strings.Compare(x[i], y[i])
		}
		if c != 0 {
			return c
		}
	}
	return 0
}

// cmdSSAShare is "ssashare LEAST SHARE": the -stats lines in the standard
// error of the last command report at least LEAST packages, and SSA was built
// for some of them, but at most for one in SHARE.
func cmdSSAShare(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: ssashare least share")
	}
	least, err := strconv.Atoi(args[0])
	ts.Check(err)
	share, err := strconv.Atoi(args[1])
	ts.Check(err)
	packages, ssa := 0, 0
	for _, m := range regexp.MustCompile(`(?m)^toctou: stats: .*packages=(\d+) ssa=(\d+) `).FindAllStringSubmatch(ts.ReadFile("stderr"), -1) {
		n, _ := strconv.Atoi(m[1])
		packages += n
		n, _ = strconv.Atoi(m[2])
		ssa += n
	}
	ts.Logf("%d packages, SSA for %d", packages, ssa)
	if packages < least {
		ts.Fatalf("%d packages, want at least %d", packages, least)
	}
	if ssa == 0 || ssa*share > packages {
		ts.Fatalf("SSA for %d of %d packages, want some, and at most one in %d", ssa, packages, share)
	}
}
