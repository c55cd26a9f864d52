package lsp

import (
	"maps"
	"slices"

	"github.com/edcacfbd/toctou/internal/finding"
)

// actions returns the fixes of the findings that a range of a file meets, the best of
// each finding first.
func (s *server) actions(r *round, file string, at span) []codeAction {
	list := []codeAction{}
	t := r.view.text(file)
	from, ok := t.offset(at.Start)
	to, okTo := t.offset(at.End)
	if !ok || !okTo {
		return list
	}
	for _, f := range r.findings {
		if f.Use.Path != file || to < f.Use.Start.Offset || from > f.Use.End.Offset {
			continue
		}
		for i, fix := range f.Fixes {
			list = append(list, codeAction{
				Title:       fix.Message,
				Kind:        quickFix,
				Diagnostics: []diagnostic{r.view.diagnostic(f, s.config.PageOf)},
				IsPreferred: i == 0,
				Edit:        r.view.edit(fix, s.versioned),
			})
		}
	}
	return list
}

// edit returns the edits of a fix. With versions the client refuses them once it has
// another text.
func (v *view) edit(fix finding.Fix, versioned bool) workspaceEdit {
	byFile := make(map[string][]textEdit)
	for _, e := range fix.Edits {
		byFile[e.Path] = append(byFile[e.Path], textEdit{v.span(e.Place), e.New})
	}
	var w workspaceEdit
	if !versioned {
		w.Changes = make(map[string][]textEdit)
		for file, edits := range byFile {
			w.Changes[v.uri(file)] = edits
		}
		return w
	}
	for _, file := range slices.Sorted(maps.Keys(byFile)) {
		d := documentEdit{Edits: byFile[file]}
		d.TextDocument.URI, d.TextDocument.Version = v.uri(file), v.version(file)
		w.DocumentChanges = append(w.DocumentChanges, d)
	}
	return w
}
