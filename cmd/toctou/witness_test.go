package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/edcacfbd/toctou/internal/witness/launch"
)

// number is what differs from run to run: the demo writes the time.
var number = regexp.MustCompile(`\d+ bytes`)

// TestWitness runs the session of docs/witness.md, in the repository: the tests of the
// demo confirm all its findings. With -update, what is printed is written there.
func TestWitness(t *testing.T) {
	if err := launch.Confines(); err != nil {
		t.Skip(err)
	}
	if testing.Short() {
		t.Skip("builds a standard library")
	}
	tool, err := exec.LookPath("toctou")
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join("..", "..")
	cmd := exec.Command(tool, "witness", "-format=text", "./testdata/demo/...")
	cmd.Dir = root
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); cmd.ProcessState.ExitCode() != 1 {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	const command = "$ go run ./cmd/toctou witness ./testdata/demo/...\n"
	got := "```console\n" + command + stdout.String() + stderr.String() + "exit status 1\n```"
	findings := 0
	for line := range strings.Lines(stdout.String()) {
		if !strings.HasPrefix(line, "\t") {
			findings++
		}
	}
	if confirmed := strings.Count(stdout.String(), "\n\tconfirmed by Test"); findings < 6 || confirmed != findings {
		t.Errorf("of %d findings %d are confirmed", findings, confirmed)
	}
	doc := filepath.Join(root, "docs", "witness.md")
	text := readFile(t, doc)
	session := regexp.MustCompile("(?s)```console\n" + regexp.QuoteMeta(command) + ".*?```").FindString(text)
	if session == "" {
		t.Fatal("docs/witness.md does not show the session")
	}
	if number.ReplaceAllString(session, "N bytes") == number.ReplaceAllString(got, "N bytes") {
		return
	}
	if !*update {
		t.Errorf("docs/witness.md shows another session than\n%s", got)
		return
	}
	if err := os.WriteFile(doc, []byte(strings.Replace(text, session, got, 1)), 0o666); err != nil {
		t.Fatal(err)
	}
}
