package main

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// update says to write what the program prints into the README instead of
// comparing it: go test ./cmd/toctou -run TestReadme -update
var update = flag.Bool("update", false, "write the README's sessions")

// session is a block of the README that is marked as console: a command, and
// what it prints.
var session = regexp.MustCompile("(?s)```console\n\\$ (.*?)\n(.*?)```")

// TestReadme runs the sessions that the README shows, and compares what they
// print.
func TestReadme(t *testing.T) {
	root := filepath.Join("..", "..")
	file := filepath.Join(root, "README.md")
	readme := readFile(t, file)
	if !session.MatchString(readme) {
		t.Fatal("the README shows no session")
	}
	actual := session.ReplaceAllStringFunc(readme, func(block string) string {
		command := session.FindStringSubmatch(block)[1]
		args := strings.Fields(command)
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Dir = root
		out, err := cmd.CombinedOutput()
		if err == nil {
			t.Errorf("%s: found nothing", command)
		}
		return "```console\n$ " + command + "\n" + string(out) + "```"
	})
	if *update {
		if err := os.WriteFile(file, []byte(actual), 0o666); err != nil {
			t.Fatal(err)
		}
	} else if actual != readme {
		t.Errorf("the program prints something else than the README shows, which would be, with -update:\n%s", strings.Join(session.FindAllString(actual, -1), "\n"))
	}
}

// TestOneTestCommand holds that README, CONTRIBUTING and .ci/run mean the same
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
