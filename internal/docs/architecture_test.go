package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestFloors compares the arrows of docs/architecture.md with the imports: a
// floor knows none that is drawn above it, and each floor that is drawn is there.
func TestFloors(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "architecture.md"))
	if err != nil {
		t.Fatal(err)
	}
	above := drawn(string(text))
	if len(above) == 0 {
		t.Fatal("docs/architecture.md draws no floors")
	}
	const module = "github.com/edcacfbd/toctou/"
	for floor := range above {
		out, err := exec.Command("go", "list", "-f", `{{join .Deps "\n"}}`, module+pattern(floor)).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", floor, err, out)
			continue
		}
		for upper := range reachable(above, floor) {
			for _, dep := range strings.Fields(string(out)) {
				if under(dep, module+folder(upper)) && !under(dep, module+folder(floor)) {
					t.Errorf("%s depends on %s, which is drawn above it", floor, dep)
				}
			}
		}
	}
}

// TestRooms checks that docs/architecture.md has a word for each room of the house.
func TestRooms(t *testing.T) {
	root := filepath.Join("..", "..")
	text, err := os.ReadFile(filepath.Join(root, "docs", "architecture.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, floor := range []string{"internal", "plugin"} {
		rooms, err := os.ReadDir(filepath.Join(root, floor))
		if err != nil {
			t.Fatal(err)
		}
		for _, room := range rooms {
			name := floor + "/" + room.Name()
			goFiles, err := filepath.Glob(filepath.Join(root, name, "*.go"))
			if err != nil {
				t.Fatal(err)
			}
			if len(goFiles) > 0 && !strings.Contains(string(text), "`"+name+"`") && !strings.Contains(string(text), `["`+name+"<br>") {
				t.Errorf("docs/architecture.md does not say what %s is for", name)
			}
		}
	}
}

var (
	node  = regexp.MustCompile(`(?m)^  (\w+)\["([\w/*]+)<br>`)
	chain = regexp.MustCompile(`(?m)^  \w+( --> \w+)+$`)
)

// drawn returns, by folder, the folders to which an arrow leads from it.
func drawn(text string) map[string][]string {
	folders := make(map[string]string)
	above := make(map[string][]string)
	for _, m := range node.FindAllStringSubmatch(text, -1) {
		folders[m[1]] = m[2]
		above[m[2]] = nil
	}
	for _, line := range chain.FindAllString(text, -1) {
		names := strings.Split(strings.TrimSpace(line), " --> ")
		for i := range len(names) - 1 {
			from := folders[names[i]]
			above[from] = append(above[from], folders[names[i+1]])
		}
	}
	return above
}

// reachable returns what lies above a floor.
func reachable(above map[string][]string, floor string) map[string]bool {
	all := make(map[string]bool)
	todo := slices.Clone(above[floor])
	for len(todo) > 0 {
		next := todo[0]
		todo = todo[1:]
		if !all[next] {
			all[next] = true
			todo = append(todo, above[next]...)
		}
	}
	return all
}

// folder returns the folder of a floor that is drawn as passes/*.
func folder(floor string) string { return strings.TrimSuffix(floor, "/*") }

// pattern returns the packages of a floor for the go command.
func pattern(floor string) string { return strings.Replace(floor, "/*", "/...", 1) }

func under(pkg, dir string) bool { return pkg == dir || strings.HasPrefix(pkg, dir+"/") }
