package action

import (
	"os"
	"path/filepath"
	"testing"

	"go.yaml.in/yaml/v3"
)

// A form is what GitHub needs of an issue form:
// https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-issue-forms
type form struct {
	Name, Description, Title string
	Labels                   []string
	Body                     []struct {
		Type, ID   string
		Attributes struct {
			Label, Description, Value, Render string
			Options                           []string
		}
		Validations struct{ Required bool }
	}
}

// TestForms checks that the issue forms are such as GitHub accepts: it shows none that it
// does not.
func TestForms(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(root(t), ".github", "ISSUE_TEMPLATE", "*.yml"))
	if err != nil || len(files) < 3 {
		t.Fatalf("forms %v: %v", files, err)
	}
	for _, file := range files {
		if filepath.Base(file) == "config.yml" {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		f := new(form)
		if err := yaml.Unmarshal(data, f); err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if f.Name == "" || f.Description == "" || len(f.Body) == 0 {
			t.Errorf("%s has no name, no description or no body", file)
		}
		ids := make(map[string]bool)
		for _, field := range f.Body {
			a := field.Attributes
			switch field.Type {
			case "markdown":
				if a.Value == "" {
					t.Errorf("%s: a text has no value", file)
				}
				continue
			case "dropdown":
				if len(a.Options) == 0 {
					t.Errorf("%s: %s has no options", file, field.ID)
				}
			case "input", "textarea":
			default:
				t.Errorf("%s: there is no type %q", file, field.Type)
			}
			if field.ID == "" || ids[field.ID] || a.Label == "" {
				t.Errorf("%s: the field %q has no ID or no label, or an ID that is there already", file, field.ID)
			}
			ids[field.ID] = true
		}
	}
}
