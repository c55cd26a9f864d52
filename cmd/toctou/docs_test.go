package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// block is a fenced block of a document: its language, what follows that, and
// its text.
var block = regexp.MustCompile("(?ms)^```(\\w+)(?: (\\S+))?\n(.*?)^```$")

// TestDocs runs the commands that the documents show to their readers, in a
// folder that starts with the files of testdata/docs, and compares what is
// printed. A block whose language is followed by a file name is written to
// that file; a block of console has commands, each after a "$ ", and what they
// print. With -update, what they print is written into the documents.
func TestDocs(t *testing.T) {
	for _, program := range []string{"go", "git", "sh"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("needs %s", program)
		}
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	archives, err := filepath.Glob(filepath.Join(root, "testdata", "docs", "*.txtar"))
	if err != nil || len(archives) == 0 {
		t.Fatal("no documents", err)
	}
	for _, archive := range archives {
		name := strings.TrimSuffix(filepath.Base(archive), ".txtar")
		t.Run(name, func(t *testing.T) {
			s := newDocSession(t, archive)
			s.check(filepath.Join(root, "docs", name+".md"))
		})
	}
}

// A docSession is the reader of one document.
type docSession struct {
	t   *testing.T
	dir string
	env []string
	ran bool
}

func newDocSession(t *testing.T, archive string) *docSession {
	s := &docSession{t: t, dir: t.TempDir()}
	home := t.TempDir()
	s.env = append(os.Environ(),
		"HOME="+home, "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=Reader", "GIT_AUTHOR_EMAIL=reader@example.com",
		"GIT_COMMITTER_NAME=Reader", "GIT_COMMITTER_EMAIL=reader@example.com",
		"GOWORK=off", "GOFLAGS=-mod=mod", "GOPROXY=off", "GOTOOLCHAIN=local", "GOENV=off")
	s.env = append(s.env, goEnv(t, "GOCACHE", "GOMODCACHE")...)
	files, err := txtar.ParseFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files.Files {
		s.write(f.Name, f.Data)
	}
	return s
}

// check does what the document says, and compares it with what is printed.
func (s *docSession) check(doc string) {
	s.t.Helper()
	text := readFile(s.t, doc)
	actual := block.ReplaceAllStringFunc(text, s.block)
	if !s.ran {
		s.t.Fatal("the document shows no session")
	}
	if *update {
		if err := os.WriteFile(doc, []byte(actual), 0o666); err != nil {
			s.t.Fatal(err)
		}
	} else if actual != text {
		s.t.Errorf("the document and the program differ; what -update would write is\n%s", strings.Join(block.FindAllString(actual, -1), "\n"))
	}
}

// block does what a block says, and returns it with what is printed.
func (s *docSession) block(text string) string {
	m := block.FindStringSubmatch(text)
	language, file, body := m[1], m[2], m[3]
	switch {
	case file != "":
		s.write(file, []byte(body))
		return text
	case language != "console":
		return text
	}
	var b strings.Builder
	for _, line := range strings.Split(body, "\n") {
		if command, ok := strings.CutPrefix(line, "$ "); ok {
			b.WriteString(line + "\n" + s.run(command))
		}
	}
	return "```console\n" + b.String() + "```"
}

func (s *docSession) run(command string) string {
	s.ran = true
	cmd := exec.Command("sh", "-c", command)
	cmd.Dir, cmd.Env = s.dir, slices.Clone(s.env)
	out, err := cmd.CombinedOutput()
	if _, failed := err.(*exec.ExitError); err != nil && !failed {
		s.t.Fatalf("%s: %v", command, err)
	}
	return string(out)
}

func (s *docSession) write(name string, data []byte) {
	s.t.Helper()
	file := filepath.Join(s.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o666); err != nil {
		s.t.Fatal(err)
	}
}
