package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestReadme runs the sessions that the README shows, the blocks marked as
// console, and compares what they print.
func TestReadme(t *testing.T) {
	if ok, _ := condition("engine"); !ok {
		t.Skip("the passes do not report yet")
	}
	root := filepath.Join("..", "..")
	readme := readFile(t, filepath.Join(root, "README.md"))
	sessions := regexp.MustCompile("(?s)```console\n\\$ (.*?)\n(.*?)```").FindAllStringSubmatch(readme, -1)
	if len(sessions) == 0 {
		t.Fatal("the README shows no session")
	}
	for _, s := range sessions {
		command, want := strings.Fields(s[1]), s[2]
		cmd := exec.Command(command[0], command[1:]...)
		cmd.Dir = root
		out, err := cmd.CombinedOutput()
		if err == nil {
			t.Errorf("%s: found nothing", s[1])
		}
		if got := string(out); got != want {
			t.Errorf("%s printed\n%swhere the README shows\n%s", s[1], got, want)
		}
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
