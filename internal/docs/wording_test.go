package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// avoided lists the words that texts for users do not have, each with what to write
// instead. A word is matched as a whole, in lower or upper case.
var avoided = []struct{ word, instead string }{
	{`tells?|told`, "prints, reports, determines"},
	{`asks?|asked`, "checks, queries, requests"},
	{`stands?|stood`, "is in, is"},
	{`yields?|yielded`, "returns"},
	{`whoever|somebody|anybody|everybody|nobody`, "another process, another user, every user, no user"},
	{`is handed|are handed|was handed|hands on|handed on`, "receives, passes, returns"},
	{`holds? [\w ]+ against|held against`, "compares with"},
	{`for want of`, "without"},
	{`is had|be had`, "is available"},
	{`besides`, "also"},
	{`by now`, "by then"},
	{`any more`, "anymore, no longer"},
	{`mends?|mended`, "fixes"},
	{`misspelt`, "misspelled"},
	{`analyse[dr]?|analysing`, "analyze"},
	{`colours?|honours?|behaviours?|neighbours?|licences?|labelled|summarise[sd]?|normalise[sd]?`, "American spelling"},
}

// avoidedWord matches one of the words.
var avoidedWord = func() *regexp.Regexp {
	var words []string
	for _, a := range avoided {
		words = append(words, a.word)
	}
	return regexp.MustCompile(`(?i)\b(` + strings.Join(words, "|") + `)\b`)
}()

// instead returns what to write in place of a word that avoidedWord has found.
func instead(word string) string {
	for _, a := range avoided {
		if regexp.MustCompile(`(?i)^(` + a.word + `)$`).MatchString(word) {
			return a.instead
		}
	}
	return ""
}

// TestAvoidedWords checks that each word is matched, and only as a whole word.
func TestAvoidedWords(t *testing.T) {
	for text, want := range map[string]string{
		"the line tells where":     "tells",
		"Whoever writes the file":  "Whoever",
		"it holds A against B":     "holds A against",
		"run toctou to analyse it": "analyse",
		"the standard library":     "",
		"a colored terminal":       "",
		"storytellers and tasks":   "",
		"analyze the package":      "",
	} {
		if got := avoidedWord.FindString(text); got != want {
			t.Errorf("%q: found %q, want %q", text, got, want)
		}
		if want != "" && instead(want) == "" {
			t.Errorf("%q has no replacement", want)
		}
	}
}

// pagesRead lists the documents that are free of such words.
var pagesRead = []string{
	"*.md",
	"docs/*.md",
	"docs/rules/*.md",
	"editors/*/*.md",
}

// TestWordsOfPages checks the documents. Code blocks are not checked: they show
// output, which has its own test.
func TestWordsOfPages(t *testing.T) {
	root := filepath.Join("..", "..")
	for _, pattern := range pagesRead {
		names, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		if err != nil || len(names) == 0 {
			t.Errorf("%s: no documents (%v)", pattern, err)
		}
		for _, name := range names {
			checkPage(t, name)
		}
	}
}

// checkPage reports the words in one document.
func checkPage(t *testing.T, name string) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	code := false
	for i, line := range strings.Split(string(text), "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			code = !code
			continue
		}
		if word := avoidedWord.FindString(line); word != "" && !code {
			t.Errorf("%s:%d: %q: write %s", name, i+1, word, instead(word))
		}
	}
}

// stringsRead lists the packages whose string literals, which have the messages,
// the titles of fixes, the reasons, the flags and the errors, are free of such words.
// The list only grows.
var stringsRead = []string{
	"cmd",
	"internal/baseline",
	"internal/changes",
	"internal/config",
	"internal/driver",
	"internal/fix",
	"internal/goplsbuild",
	"internal/lsp",
	"internal/output",
	"internal/pass",
	"internal/pathops",
	"internal/race",
	"internal/rewrite",
	"internal/rule",
	"internal/settings",
	"internal/suppress",
	"passes",
	"plugin",
}

// TestWordsOfCode checks the string literals of the packages above, and the comments of all
// packages, with their tests.
func TestWordsOfCode(t *testing.T) {
	root := filepath.Join("..", "..")
	for _, dir := range stringsRead {
		eachFile(t, filepath.Join(root, filepath.FromSlash(dir)), func(fset *token.FileSet, file *ast.File) {
			if strings.HasSuffix(fset.Position(file.Pos()).Filename, "_test.go") {
				return
			}
			ast.Inspect(file, func(n ast.Node) bool {
				lit, ok := n.(*ast.BasicLit)
				if !ok || lit.Kind != token.STRING || !strings.Contains(lit.Value, " ") {
					return true // a string without a space is a name
				}
				if word := avoidedWord.FindString(lit.Value); word != "" {
					t.Errorf("%s: the string has %q: write %s", fset.Position(lit.Pos()), word, instead(word))
				}
				return true
			})
		})
	}
	eachFile(t, root, func(fset *token.FileSet, file *ast.File) {
		declared := declaredIn(file)
		for _, group := range file.Comments {
			for i, c := range group.List {
				text := prose(c.Text)
				if name, rest, ok := strings.Cut(strings.TrimSpace(text), " "); ok && i == 0 && declared[name] {
					text = rest
				}
				if word := avoidedWord.FindString(text); word != "" {
					t.Errorf("%s: the comment has %q: write %s", fset.Position(c.Pos()), word, instead(word))
				}
			}
		}
	})
}

// declaredIn returns the names that a file declares: a comment begins with the name of
// what it describes.
func declaredIn(file *ast.File) map[string]bool {
	names := make(map[string]bool)
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			names[n.Name.Name] = true
		case *ast.TypeSpec:
			names[n.Name.Name] = true
		case *ast.ValueSpec:
			for _, id := range n.Names {
				names[id.Name] = true
			}
		case *ast.Field:
			for _, id := range n.Names {
				names[id.Name] = true
			}
		}
		return true
	})
	return names
}

// quoted matches what is code or text of a program in a comment.
var quoted = regexp.MustCompile("`[^`\n]*`|\"[^\"\n]*\"|\\B'[^'\n]+'\\B|\\[[\\w.*]+\\]|https?://\\S+")

// prose returns the text of a comment without its marks, its lines of code, which are
// indented, and what it quotes.
func prose(comment string) string {
	text, block := strings.CutPrefix(comment, "/*")
	if block {
		text = strings.TrimSuffix(text, "*/")
	}
	var lines []string
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimPrefix(line, "//")
		if block || !strings.HasPrefix(line, "\t") {
			lines = append(lines, quoted.ReplaceAllString(line, ""))
		}
	}
	return strings.Join(lines, "\n")
}

// TestProse checks which words of a comment are read.
func TestProse(t *testing.T) {
	for comment, want := range map[string]string{
		"// the line tells where":          "tells",
		"//\tfmt.Println(tells)":           "",
		"//\tx := told // what it is told": "",
		"// see `tells` and \"told\"":      "",
		"// see [tells]":                   "",
		"// the user's, and nobody's":      "nobody",
		"// as 'told' is":                  "",
		"/* a file\n\tthat nobody has */":  "nobody",
		"//nolint:errcheck // told to f":   "told",
	} {
		if got := avoidedWord.FindString(prose(comment)); got != want {
			t.Errorf("%q: found %q, want %q", comment, got, want)
		}
	}
	file, err := parser.ParseFile(token.NewFileSet(), "a.go", "package a\n\ntype asks struct{ told int }\n\nfunc tells(yields int) {}\n", parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"asks", "told", "tells", "yields"} {
		if !declaredIn(file)[name] {
			t.Errorf("%s is declared, and not found", name)
		}
	}
}

// eachFile calls visit for each Go file below a directory, without test data and
// hidden directories.
func eachFile(t *testing.T, dir string, visit func(*token.FileSet, *ast.File)) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && path != dir):
			return filepath.SkipDir
		case d.IsDir(), !strings.HasSuffix(path, ".go"):
			return nil
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err == nil {
			files++
			visit(fset, file)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if files == 0 {
		t.Errorf("%s has no Go files", dir)
	}
}
