package helpersrc

import (
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestCurrent compares the copy with the helper itself.
func TestCurrent(t *testing.T) {
	want, err := Read(filepath.Join("..", "..", "atomicfix"))
	if err != nil {
		t.Fatal(err)
	}
	same := func(a, b txtar.File) bool { return a.Name == b.Name && string(a.Data) == string(b.Data) }
	if !slices.EqualFunc(Files(), want.Files, same) || string(Module()) != string(want.Comment) {
		t.Error("atomicfix.txtar is not what atomicfix is; run go generate ./internal/helpersrc")
	}
}
