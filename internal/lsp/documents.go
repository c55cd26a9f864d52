package lsp

import (
	"fmt"
	"os"
	"strings"
	"sync"
)

// A document is a file that is open in the editor. Its text may differ from what is
// on disk.
type document struct {
	uri     string // as the client writes it
	version int
	text    *text
}

// documents are the files that are open in the editor, by name.
type documents struct {
	mu   sync.Mutex
	open map[string]*document
	utf8 bool
}

// set opens a document, or replaces all of its text.
func (d *documents) set(uri, file, content string, version int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.open[file] = &document{uri, version, newText(content, d.utf8)}
}

// change applies the changes, one after the other. If one of them is outside of the
// text, the editor's text is no longer known, and the document counts as closed.
func (d *documents) change(file string, changes []contentChange, version int) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	doc := d.open[file]
	if doc == nil {
		return fmt.Errorf("%s changed, but is not open", file)
	}
	now := doc.text
	for _, c := range changes {
		if c.Range == nil {
			now = newText(c.Text, d.utf8)
			continue
		}
		from, okFrom := now.offset(c.Range.Start)
		to, okTo := now.offset(c.Range.End)
		if !okFrom || !okTo || from > to {
			delete(d.open, file)
			return fmt.Errorf("%s has no range from %d:%d to %d:%d; open it again", file, c.Range.Start.Line, c.Range.Start.Character, c.Range.End.Line, c.Range.End.Character)
		}
		now = newText(now.content[:from]+c.Text+now.content[to:], d.utf8)
	}
	d.open[file] = &document{doc.uri, version, now}
	return nil
}

func (d *documents) close(file string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.open, file)
}

// snapshot returns the documents as they are. They do not change: an edit makes new
// ones.
func (d *documents) snapshot() map[string]*document {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := make(map[string]*document, len(d.open))
	for file, doc := range d.open {
		all[file] = doc
	}
	return all
}

// A view is the documents at one time, and the texts of other files.
type view struct {
	documents map[string]*document
	disk      map[string]*text
	utf8      bool
}

// text returns the text of a file, an empty one if it cannot be read.
func (v *view) text(file string) *text {
	if doc := v.documents[file]; doc != nil {
		return doc.text
	}
	if t := v.disk[file]; t != nil {
		return t
	}
	content, _ := os.ReadFile(file)
	v.disk[file] = newText(string(content), v.utf8)
	return v.disk[file]
}

// uri returns the URI of a file, as the client writes it where the file is open.
func (v *view) uri(file string) string {
	if doc := v.documents[file]; doc != nil {
		return doc.uri
	}
	return uriOf(file)
}

// version returns the version of a document, nil for a file that is not open.
func (v *view) version(file string) *int {
	if doc := v.documents[file]; doc != nil {
		return &doc.version
	}
	return nil
}

// same reports whether the document of a file is the same in two views.
func (v *view) same(other map[string]*document, file string) bool {
	return v.documents[file] == other[file]
}

// isGo reports whether a file is a Go source.
func isGo(file string) bool { return strings.HasSuffix(file, ".go") }
