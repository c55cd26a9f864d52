package suppress

import (
	"go/parser"
	"go/token"
	"testing"
)

func TestServesTests(t *testing.T) {
	for path, want := range map[string]bool{
		"testing":                             true,
		"testing/fstest":                      true,
		"github.com/stretchr/testify/require": true,
		"gotest.tools/v3/assert":              true,
		"github.com/stretchr/objx":            false,
		"example.com/testing":                 false,
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "a.go", "package a\nimport \""+path+"\"\n", parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		if got := servesTests(file); got != want {
			t.Errorf("a file that imports %s: %v, want %v", path, got, want)
		}
	}
}
