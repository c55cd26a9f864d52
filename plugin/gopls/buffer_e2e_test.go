//go:build e2e

package gopls_test

import (
	"slices"
	"strings"
	"unicode/utf16"
)

// A buffer is an open file in the editor. What is in it is nowhere on disk.
type buffer struct {
	*client
	file, text string
	version    int
}

// open opens a file with a text.
func (c *client) open(file, text string) *buffer {
	b := &buffer{client: c, file: file, text: text, version: 1}
	c.notify("textDocument/didOpen", map[string]any{
		"textDocument": map[string]any{"uri": uri(file), "languageId": "go", "version": 1, "text": text},
	})
	return b
}

// change replaces the text.
func (b *buffer) change(text string) {
	b.text = text
	b.version++
	b.notify("textDocument/didChange", map[string]any{
		"textDocument":   map[string]any{"uri": uri(b.file), "version": b.version},
		"contentChanges": []any{map[string]any{"text": text}},
	})
}

// until waits until the current text has diagnostics of the sources on
// the lines that say so: wanted is what marks says of them.
func (b *buffer) until(wanted ...string) []diagnostic {
	b.t.Helper()
	slices.Sort(wanted)
	return b.await(b.file, b.version, func(list []diagnostic) bool { return slices.Equal(b.marks(list), wanted) })
}

// marks returns, for each diagnostic, its source and the name of the function
// that it is in.
func (b *buffer) marks(list []diagnostic) []string {
	var marks []string
	lines := strings.Split(b.text, "\n")
	for _, d := range list {
		name := ""
		for _, line := range lines[:d.Range.Start.Line] {
			if rest, ok := strings.CutPrefix(line, "func "); ok {
				name, _, _ = strings.Cut(rest, "(")
			}
		}
		marks = append(marks, d.Source+" "+name)
	}
	slices.Sort(marks)
	return marks
}

// fixes returns the quick fixes for a diagnostic.
func (b *buffer) fixes(d diagnostic) []codeAction {
	b.t.Helper()
	var list []codeAction
	b.call("textDocument/codeAction", map[string]any{
		"textDocument": map[string]any{"uri": uri(b.file)},
		"range":        d.Range,
		"context":      map[string]any{"diagnostics": []diagnostic{d}, "only": []string{"quickfix"}},
	}, &list)
	return list
}

// apply makes the edits of a fix.
func (b *buffer) apply(fix codeAction) {
	b.t.Helper()
	text := b.text
	for _, change := range fix.Edit.DocumentChanges {
		if change.TextDocument.URI != uri(b.file) {
			b.t.Fatalf("%q changes %s, too", fix.Title, change.TextDocument.URI)
		}
		edits := slices.Clone(change.Edits)
		slices.SortStableFunc(edits, func(x, y textEdit) int { return offset(b.text, y.Range.Start) - offset(b.text, x.Range.Start) })
		for _, e := range edits {
			text = text[:offset(b.text, e.Range.Start)] + e.NewText + text[offset(b.text, e.Range.End):]
		}
	}
	if text == b.text {
		b.t.Fatalf("%q changes nothing", fix.Title)
	}
	b.change(text)
}

// offset returns the byte that a position is at. Positions count the units of
// UTF-16.
func offset(text string, p position) int {
	at := 0
	for range p.Line {
		at += strings.IndexByte(text[at:], '\n') + 1
	}
	units := 0
	for i, r := range text[at:] {
		if units >= p.Character {
			return at + i
		}
		units += utf16.RuneLen(r)
	}
	return len(text)
}
