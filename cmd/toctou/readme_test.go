package main

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/edcacfbd/toctou/passes"
)

// update says to write what the program prints into the documents instead of
// comparing it: go test ./cmd/toctou -run 'TestReadme|TestDocs' -update
var update = flag.Bool("update", false, "write the sessions of the documents")

// TestReadme runs the sessions that the README shows, in the repository, and
// compares what they print.
func TestReadme(t *testing.T) {
	s := &docSession{t: t, dir: filepath.Join("..", ".."), env: os.Environ()}
	s.check(filepath.Join(s.dir, "README.md"))
}

// TestReadmeRules compares the lists of passes in the README with the passes.
func TestReadmeRules(t *testing.T) {
	readme := readFile(t, filepath.Join("..", "..", "README.md"))
	for _, rule := range passes.Rules() {
		link := fmt.Sprintf("[%s](docs/rules/%s.md)", rule.Name, rule.Name)
		if row := fmt.Sprintf("| %s | %s |\n", link, rule.Title); rule.Name != "toctouignore" && !strings.Contains(readme, row) &&
			(!strings.Contains(readme, link) || strings.Contains(readme, "| "+link)) {
			t.Errorf("the README lacks %s, or its row is not %s", rule.Name, row)
		}
	}
}

// link is a link of a document to another file, or to a place in it.
var link = regexp.MustCompile(`(?m)(?:\]\(|^\[[^\]]+\]: |src="|srcset=")([^)\s"]+)`)

// heading is a heading of a document, which others can link to.
var heading = regexp.MustCompile("(?m)^#+ (.*)$")

// TestLinks checks that what documents link to is there.
func TestLinks(t *testing.T) {
	root := filepath.Join("..", "..")
	var docs []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() != ".." && strings.HasPrefix(d.Name(), ".") {
			return fs.SkipDir
		}
		if filepath.Ext(path) == ".md" {
			docs = append(docs, path)
		}
		return err
	})
	if err != nil || len(docs) == 0 {
		t.Fatal("no documents", err)
	}
	anchors := func(doc string) map[string]bool {
		all := make(map[string]bool)
		for _, m := range heading.FindAllStringSubmatch(block.ReplaceAllString(readFile(t, doc), ""), -1) {
			all[anchor(m[1])] = true
		}
		return all
	}
	for _, doc := range docs {
		for _, m := range link.FindAllStringSubmatch(block.ReplaceAllString(readFile(t, doc), ""), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			file, place, _ := strings.Cut(m[1], "#")
			target := doc
			if file != "" {
				target = filepath.Join(filepath.Dir(doc), filepath.FromSlash(file))
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s links to %s: %v", doc, m[1], err)
			} else if place != "" && !anchors(target)[place] {
				t.Errorf("%s links to %s: no such heading", doc, m[1])
			}
		}
	}
}

// anchor returns what a heading is linked to by, as code hosts make it.
func anchor(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
}

// TestOneTestCommand checks that README, CONTRIBUTING and .ci/run mean the same
// by "the tests".
func TestOneTestCommand(t *testing.T) {
	const command = "go test ./... ./atomicfix/..."
	for _, file := range []string{"README.md", "CONTRIBUTING.md", ".ci/run"} {
		if !strings.Contains(readFile(t, filepath.Join("..", "..", filepath.FromSlash(file))), command) {
			t.Errorf("%s does not have %q", file, command)
		}
	}
}

// readFile returns the content of the file.
func readFile(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
