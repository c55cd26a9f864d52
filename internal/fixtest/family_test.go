package fixtest

import (
	"fmt"
	"regexp"
	"runtime"
	"strings"
)

// A program is one function of the family: a shape that real code has, in one
// of its variants.
type program struct {
	name string
	body string // of func(path string) (string, error), and what it needs
}

// imports are those that the programs choose from.
var imports = []struct{ name, path string }{
	{"bufio", "bufio"}, {"json", "encoding/json"}, {"errors", "errors"}, {"fmt", "fmt"},
	{"io", "io"}, {"fs", "io/fs"}, {"os", "os"}, {"filepath", "path/filepath"},
	{"runtime", "runtime"}, {"strings", "strings"}, {"syscall", "syscall"}, {"time", "time"},
}

// source returns the file of a program.
func (p program) source() string {
	var list strings.Builder
	for _, imp := range imports {
		if regexp.MustCompile(`\b` + imp.name + `\.`).MatchString(p.body) {
			fmt.Fprintf(&list, "\t%q\n", imp.path)
		}
	}
	return fmt.Sprintf("package main\n\nimport (\n%s)\n\nfunc init() { programs[%q] = %s }\n\n%s", list.String(), p.name, p.name, p.body)
}

// family returns all programs.
func family() []program {
	var all []program
	add := func(kind string, bodies ...string) {
		for _, body := range bodies {
			name := fmt.Sprintf("%s%d", kind, len(all))
			all = append(all, program{name, strings.ReplaceAll(body, "NAME", name)})
		}
	}
	add("statopen", inspected()...)
	add("create", created()...)
	add("torn", overwritten()...)
	add("mode", protected()...)
	add("again", lookedUpAgain()...)
	add("checked", checked()...)
	add("removed", removed()...)
	if runtime.GOOS != "windows" {
		add("number", numbered()...)
	}
	return all
}

// absent are the ways to find a path absent; each ends in the branch BRANCH.
var absent = []string{
	"\tif _, err := os.Stat(path); os.IsNotExist(err) {\nBRANCH\t}\n",
	"\t_, err := os.Stat(path)\n\tif errors.Is(err, fs.ErrNotExist) {\nBRANCH\t}\n",
	"\tif !exists(path) {\nBRANCH\t}\n",
	"\tok, err := existsOrFails(path)\n\tif err != nil {\n\t\treturn \"\", err\n\t}\n\tif !ok {\nBRANCH\t}\n",
	"\tif ok, err := existsOrFails(path); err != nil || !ok {\n\t\treturn \"none\", err\n\t}\n",
	"\tif _, err := os.Stat(path); err != nil {\n\t\tif os.IsNotExist(err) {\nDEEPER\t\t}\n\t\treturn \"\", err\n\t}\n",
	"\tif _, err := os.Stat(path); os.IsNotExist(err) {\nBRANCH\t} else if err != nil {\n\t\treturn \"\", err\n\t}\n",
	"\tswitch _, err := os.Stat(path); {\n\tcase os.IsNotExist(err):\nBRANCH\tcase err != nil:\n\t\treturn \"\", err\n\t}\n",
}

// branches are what is done then.
var branches = []string{
	"\t\treturn \"default\", nil\n",
	"\t\tfmt.Println(\"absent\") // and so on\n\t\treturn strings.ToUpper(path[:1]), nil\n",
}

func checks() []string {
	var list []string
	for _, check := range absent {
		for i, branch := range branches {
			if i > 0 && !strings.Contains(check, "BRANCH") && !strings.Contains(check, "DEEPER") {
				continue
			}
			deeper := "\t" + strings.ReplaceAll(strings.TrimSuffix(branch, "\n"), "\n", "\n\t") + "\n"
			list = append(list, strings.NewReplacer("BRANCH", branch, "DEEPER", deeper).Replace(check))
		}
	}
	return list
}

// heads are checks of functions that are written otherwise, around what follows.
var heads = []struct{ before, after string }{
	{"func NAME(path string) (string, error) {\n\tif _, err := os.Stat(path); err != nil {\n\t\treturn \"default\", nil\n\t} else {\n", "\t}\n}\n"},
	{"func NAME(path string) (string, error) {\n\tread := func() (string, error) {\n\t\tif _, err := os.Stat(path); os.IsNotExist(err) {\n\t\t\treturn \"default\", nil\n\t\t}\n", "\t}\n\treturn read()\n}\n"},
	{"func NAME(path string) (text string, err error) {\n\tif _, err := os.Stat(path); os.IsNotExist(err) {\n\t\treturn \"default\", nil\n\t}\n", "}\n"},
	{"func NAME(path string) (text string, err error) {\n\tif _, err = os.Stat(path); os.IsNotExist(err) {\n\t\ttext = \"default\"\n\t\terr = nil\n\t\treturn\n\t}\n", "}\n"},
	{"func NAME(path string) (string, error) {\n\tvar err error\n\tif _, err = os.Stat(path); errors.Is(err, fs.ErrNotExist) {\n\t\terr = nil\n\t\treturn \"default\", err\n\t}\n\tif err != nil {\n\t\treturn \"\", err\n\t}\n", "}\n"},
	{"func NAME(path string) (string, error) {\n\tinfo, err := os.Stat(path)\n\tif os.IsNotExist(err) {\n\t\treturn \"default\", nil\n\t}\n\tif err != nil {\n\t\treturn \"\", err\n\t}\n\tfmt.Println(info.Name(), info.Mode())\n", "}\n"},
	{"func NAME(path string) (string, error) {\n\tfor _, path := range []string{path, path + \".target\"} {\n\t\tif _, err := os.Stat(path); os.IsNotExist(err) {\n\t\t\tfmt.Println(\"skipped\")\n\t\t\tcontinue\n\t\t}\n", "\t}\n\treturn \"none\", nil\n}\n"},
}

// reads are ways to use a path that is there.
var reads = []string{
	"\tdata, err := os.ReadFile(path)\n\tif err != nil {\n\t\treturn \"\", fmt.Errorf(\"reading: %w\", err)\n\t}\n\treturn string(data), nil\n",
	"\tf, err := os.Open(path)\n\tif err != nil {\n\t\treturn \"\", err\n\t}\n\tdefer f.Close()\n\tdata, err := io.ReadAll(f)\n\treturn string(data), err\n",
	"\tvar data []byte\n\tvar failed error\n\tif data, failed = os.ReadFile(path); failed != nil {\n\t\treturn \"\", failed\n\t}\n\treturn string(data), nil\n",
}

// inBytes has a check be that of a function that returns []byte.
var inBytes = strings.NewReplacer(`return ""`, `return nil`, `return "none"`, `return []byte("none")`, `return "default"`, `return []byte("default")`,
	`return strings.ToUpper(path[:1])`, `return []byte(path[:1])`)

func inspected() []string {
	var list []string
	for _, check := range checks() {
		for _, read := range reads {
			for _, between := range []string{"", "\tfmt.Println(\"between\")\n"} {
				list = append(list, "func NAME(path string) (string, error) {\n"+check+between+read+"}\n")
			}
		}
	}
	for _, check := range checks() {
		list = append(list,
			"func NAME(path string) (string, error) {\n\tdata, err := NAMEread(path)\n\treturn string(data), err\n}\n\nfunc NAMEread(path string) ([]byte, error) {\n"+inBytes.Replace(check)+"\treturn os.ReadFile(path)\n}\n",
			"func NAME(path string) (string, error) {\n"+check+"\tfmt.Println(\"between\")\n\treturn NAMEread(path)\n}\n\nfunc NAMEread(path string) (string, error) {\n\tdata, err := os.ReadFile(path)\n\tif err != nil {\n\t\treturn \"\", fmt.Errorf(\"reading: %w\", err)\n\t}\n\treturn string(data), nil\n}\n")
	}
	for _, check := range checks() {
		list = append(list, "func NAME(path string) (string, error) {\n"+check+"\ttext, failed := NAMEread(path)\n\tif failed != nil {\n\t\treturn \"\", failed\n\t}\n\treturn text, nil\n}\n\nfunc NAMEread(path string) (string, error) {\n\tdata, err := os.ReadFile(path)\n\tif err != nil {\n\t\treturn \"\", errors.New(\"unreadable\")\n\t}\n\treturn string(data), nil\n}\n")
	}
	for _, read := range reads {
		for _, head := range heads {
			list = append(list, head.before+read+head.after)
		}
	}
	for _, cond := range []string{"_, err := os.Stat(path); err == nil", "exists(path)"} {
		list = append(list, "func NAME(path string) (string, error) {\n\ttext := \"none\"\n\tif "+cond+" {\n\t\tdata, err := os.ReadFile(path)\n\t\tif err != nil {\n\t\t\treturn \"\", err\n\t\t}\n\t\ttext = string(data)\n\t}\n\ttext += \".\"\n\ttext += \".\"\n\ttext += \".\"\n\ttext += \".\"\n\treturn text, nil\n}\n")
		for _, read := range reads {
			list = append(list,
				"func NAME(path string) (string, error) {\n\tif "+cond+" {\n"+indent(read)+"\t}\n\treturn \"default\", nil\n}\n",
				"func NAME(path string) (string, error) {\n\tfor _, path := range []string{path, path + \"2\"} {\n\t\tif "+cond+" {\n"+indent(indent(read))+"\t\t}\n\t}\n\treturn \"default\", nil\n}\n")
		}
	}
	return list
}

// checked are programs that reject a file for what it is, before they open it.
func checked() []string {
	refusals := []string{
		"\tif info.Size() > 5 {\n\t\treturn \"\", errors.New(\"too big\")\n\t}\n",
		"\tif info.Size() > 1<<20 {\n\t\treturn \"\", fmt.Errorf(\"%s is too big: %d\", path, info.Size())\n\t}\n",
		"\tif info.Size() == 0 {\n\t\treturn \"\", errors.New(\"empty\")\n\t}\n\tif info.Size() > 1<<20 {\n\t\terr = errors.New(\"too big\")\n\t\tfmt.Println(err)\n\t\treturn \"\", err\n\t}\n",
		"\tif info.Mode().Perm()&0o044 != 0 {\n\t\treturn \"\", errors.New(\"not private\")\n\t}\n",
	}
	uses := []string{
		reads[0], reads[1],
		"\tdata, err := os.ReadFile(path)\n\tif err != nil {\n\t\treturn \"\", err\n\t}\n\treturn fmt.Sprint(info.Name(), len(data)), os.Remove(path)\n",
		"\tf, err := os.Open(path)\n\tif err != nil {\n\t\treturn \"\", err\n\t}\n\tdata, err := io.ReadAll(f)\n\tf.Close()\n\treturn string(data), err\n",
	}
	var list []string
	for _, refusal := range refusals {
		for _, use := range uses {
			list = append(list, "func NAME(path string) (string, error) {\n\tinfo, err := os.Stat(path)\n\tif err != nil {\n\t\treturn \"\", fmt.Errorf(\"looking: %w\", err)\n\t}\n"+refusal+use+"}\n")
		}
	}
	return list
}

// removed are programs that remove what they find.
func removed() []string {
	const twice = "func NAME(path string) (string, error) {\n\tif exists(path) {\n\t\tif len(path) == 1 {\n\t\t\treturn \"one\", os.Remove(path)\n\t\t}\n\t\treturn \"removed\", os.Remove(path)\n\t}\n\treturn \"none\", nil\n}\n"
	acts := []string{
		"\treturn \"removed\", os.Remove(path)\n",
		"\tif err := os.Remove(path); err != nil {\n\t\treturn \"\", fmt.Errorf(\"removing: %w\", err)\n\t}\n\treturn \"removed\", nil\n",
		"\tfailed := os.Remove(path)\n\tif failed != nil {\n\t\treturn \"\", failed\n\t}\n\treturn \"removed\", nil\n",
		"\treturn \"\", NAMEremove(path)\n}\n\nfunc NAMEremove(path string) (err error) {\n\tif _, err = os.Stat(path); err != nil {\n\t\tif os.IsNotExist(err) {\n\t\t\treturn nil\n\t\t}\n\t\treturn err\n\t}\n\treturn os.Remove(path)\n",
	}
	list := []string{twice}
	for _, act := range acts {
		for _, check := range checks() {
			list = append(list, "func NAME(path string) (string, error) {\n"+check+act+"}\n")
		}
		list = append(list, "func NAME(path string) (string, error) {\n\tif exists(path) {\n"+indent(acts[1])+"\t}\n\treturn \"none\", nil\n}\n")
	}
	return list
}

func indent(text string) string {
	return "\t" + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n\t") + "\n"
}

// creations make what was not there; each fails by returning.
var creations = []string{
	"\tif err := os.WriteFile(path, []byte(\"new\"), 0o640); err != nil {\n\t\treturn \"\", err\n\t}\n",
	"\terr := os.WriteFile(path, []byte(\"new\"), 0o640)\n\tif err != nil {\n\t\treturn \"\", fmt.Errorf(\"writing: %w\", err)\n\t}\n",
	"\tif err := os.Mkdir(path, 0o750); err != nil {\n\t\treturn \"\", err\n\t}\n",
	"\tf, err := os.Create(path)\n\tif err != nil {\n\t\treturn \"\", err\n\t}\n\tif err := f.Close(); err != nil {\n\t\treturn \"\", err\n\t}\n",
	"\tf, err := os.Create(path)\n\tif err != nil {\n\t\treturn \"\", err\n\t}\n\tdefer f.Close()\n\tif _, err := f.WriteString(\"new\"); err != nil {\n\t\treturn \"\", err\n\t}\n",
	"\tf, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)\n\tif err != nil {\n\t\treturn \"\", err\n\t}\n\tdefer f.Close()\n\tif _, err := fmt.Fprint(f, \"new\"); err != nil {\n\t\treturn \"\", err\n\t}\n",
	"\tf, err := os.Create(path)\n\tif err != nil {\n\t\treturn \"\", err\n\t}\n\tdefer f.Close()\n\tif _, err := f.WriteString(\"new\"); err != nil {\n\t\treturn \"\", err\n\t}\n\tif err := refuse(); err != nil {\n\t\treturn \"\", err\n\t}\n",
}

func created() []string {
	var list []string
	there := []string{
		"\tif _, err := os.Stat(path); err == nil {\n\t\treturn \"\", errors.New(\"it is there\")\n\t}\n",
		"\tif exists(path) {\n\t\tfmt.Println(\"there\")\n\t\treturn \"old\", nil\n\t}\n",
	}
	inside := []string{"_, err := os.Stat(path); os.IsNotExist(err)", "_, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist)", "!exists(path)"}
	for _, create := range creations {
		for _, check := range there {
			list = append(list,
				"func NAME(path string) (string, error) {\n"+check+create+"\treturn \"new\", nil\n}\n",
				"func NAME(path string) (string, error) {\n"+check+"\treturn NAMEmake(path)\n}\n\nfunc NAMEmake(path string) (string, error) {\n"+create+"\treturn \"new\", nil\n}\n")
		}
		list = append(list, "func NAME(path string) (string, error) {\n\tif exists(path) {\n\t\tif !expired(path) {\n\t\t\treturn \"\", errors.New(\"it is held\")\n\t\t}\n\t\tfmt.Println(\"expired\")\n\t}\n"+create+"\treturn \"new\", nil\n}\n")
		if strings.Contains(create, "os.Mkdir") {
			list = append(list, "func NAME(path string) (string, error) {\n\treturn NAMEin(osFiles{}, path)\n}\n\nfunc NAMEin(files files, path string) (string, error) {\n"+there[0]+strings.ReplaceAll(create, "os.Mkdir", "files.Mkdir")+"\treturn \"new\", nil\n}\n",
				"func NAME(path string) (string, error) {\n\treturn NAMEin(osFiles{}, path)\n}\n\nfunc NAMEin(files files, path string) (string, error) {\n\tif _, err := files.Stat(path); err == nil {\n\t\treturn \"old\", nil\n\t}\n"+strings.ReplaceAll(create, "os.Mkdir", "files.Mkdir")+"\treturn \"new\", nil\n}\n")
		}
		for _, cond := range inside {
			head := "func NAME(path string) (string, error) {\n\tif " + cond + " {\n" + indent(create)
			list = append(list,
				head+"\t}\n\treturn \"done\", nil\n}\n",
				head+"\t\tfmt.Println(\"made\")\n\t}\n\tfmt.Println(1)\n\tfmt.Println(2)\n\tfmt.Println(3)\n\tfmt.Println(4)\n\treturn \"done\", nil\n}\n")
		}
	}
	for _, create := range []string{"os.WriteFile(path, []byte(\"new\"), 0o640)", "os.Mkdir(path, 0o750)"} {
		for _, check := range there {
			list = append(list, "func NAME(path string) (string, error) {\n"+check+"\treturn \"new\", "+create+"\n}\n",
				"func NAME(path string) (string, error) {\n\treturn \"\", NAMEmake(path)\n}\n\nfunc NAMEmake(path string) error {\n"+strings.NewReplacer(`return "", `, "return ", `return "old", `, "return ").Replace(check)+"\treturn "+create+"\n}\n")
		}
		for _, cond := range inside {
			list = append(list, "func NAME(path string) (string, error) {\n\tif "+cond+" {\n\t\treturn \"new\", "+create+"\n\t}\n\treturn \"old\", nil\n}\n")
		}
		list = append(list, "func NAME(path string) (string, error) {\n\tok, err := existsOrFails(path)\n\tif !ok && err == nil {\n\t\terr = "+create+"\n\t}\n\tif err != nil {\n\t\treturn \"\", err\n\t}\n\treturn \"done\", nil\n}\n")
	}
	for _, check := range there {
		list = append(list, "func NAME(path string) (string, error) {\n\tif err := os.WriteFile(path+\".new\", []byte(\"new\"), 0o640); err != nil {\n\t\treturn \"\", err\n\t}\n"+check+"\treturn \"new\", os.Rename(path+\".new\", path)\n}\n")
	}
	return list
}

// contents are ways to write a file through a handle f, in a function that
// returns an error.
var contents = []string{
	"\terr = json.NewEncoder(f).Encode(\"new\")\n\terr2 := f.Close()\n\tif err == nil {\n\t\terr = err2\n\t}\n\treturn err\n",
	"\tif _, err := f.WriteString(\"new\"); err != nil {\n\t\tf.Close()\n\t\tos.Remove(s.configPath)\n\t\treturn err\n\t}\n\treturn f.Close()\n",
	"\tdefer f.Close()\n\tif _, err := f.WriteString(\"new\"); err != nil {\n\t\treturn err\n\t}\n\tdata, err := os.ReadFile(s.configPath)\n\tfmt.Println(string(data))\n\treturn err\n",
	"\tif _, err := f.WriteString(\"new\"); err != nil {\n\t\tf.Close()\n\t\treturn err\n\t}\n\tif err := f.Close(); err != nil {\n\t\treturn err\n\t}\n\tif err := os.Chmod(s.configPath, 0o711); err != nil {\n\t\treturn err\n\t}\n\treturn nil\n",
	"\tdefer f.Close()\n\t_, err = f.WriteString(\"new\")\n\treturn err\n",
	"\tdefer f.Close()\n\treturn json.NewEncoder(f).Encode(\"new\")\n",
	"\tdefer f.Close()\n\tif err := json.NewEncoder(f).Encode(\"new\"); err != nil {\n\t\treturn err\n\t}\n\treturn nil\n",
	"\tw := bufio.NewWriter(f)\n\tfmt.Fprint(w, \"new\")\n\tif err := w.Flush(); err != nil {\n\t\tf.Close()\n\t\treturn err\n\t}\n\treturn f.Close()\n",
	"\tdefer f.Close()\n\tw := bufio.NewWriter(f)\n\tfmt.Fprint(w, \"new\")\n\treturn w.Flush()\n",
	"\tif _, err := io.Copy(f, strings.NewReader(\"new\")); err != nil {\n\t\tf.Close()\n\t\treturn err\n\t}\n\tif err := f.Close(); err != nil {\n\t\treturn err\n\t}\n\tfmt.Println(\"saved\")\n\treturn nil\n",
	"\tdefer func() { _ = f.Close() }()\n\tfor i := range 3 {\n\t\tif i == 7 {\n\t\t\treturn errors.New(\"seven\")\n\t\t}\n\t\tif _, err := fmt.Fprintln(f, i); err != nil {\n\t\t\treturn err\n\t\t}\n\t}\n\treturn nil\n",
	"\tfmt.Fprint(f, \"new\")\n\tf.Close()\n\treturn nil\n",
	"\t_, err = io.Copy(f, strings.NewReader(\"new\"))\n\tif cerr := f.Close(); err == nil {\n\t\terr = cerr\n\t}\n\treturn err\n",
	"\t_, err = io.Copy(f, strings.NewReader(\"new\"))\n\tif cerr := f.Close(); cerr != nil && err == nil {\n\t\terr = cerr\n\t}\n\tif err != nil {\n\t\treturn fmt.Errorf(\"saving: %w\", err)\n\t}\n\treturn nil\n",
	"\tdefer func() {\n\t\tif cerr := f.Close(); cerr != nil && err == nil {\n\t\t\terr = cerr\n\t\t}\n\t}()\n\tif _, err := f.WriteString(\"new\"); err != nil {\n\t\treturn err\n\t}\n\treturn nil\n",
	"\tdefer f.Close()\n\tfmt.Fprint(f, \"new\")\n\tif err := f.Sync(); err != nil {\n\t\treturn err\n\t}\n\treturn f.Close()\n",
	"\tdefer f.Close()\n\tfmt.Fprint(f, \"new\")\n\treturn f.Sync()\n",
	// What fails once the file is written has no part in it.
	"\tdefer f.Close()\n\tif _, err := f.WriteString(\"new\"); err != nil {\n\t\treturn err\n\t}\n\tif err := refuse(); err != nil {\n\t\treturn err\n\t}\n\treturn nil\n",
	"\tdefer f.Close()\n\t_, err = f.WriteString(\"new\")\n\tif err != nil {\n\t\treturn err\n\t}\n\treturn refuse()\n",
	"\tdefer f.Close()\n\tfmt.Fprint(f, \"new\")\n\terr = refuse()\n\treturn err\n",
	"\tdefer f.Close()\n\terr = refuse()\n\tfmt.Fprint(f, \"new\")\n\treturn err\n",
	"\tfmt.Fprint(f, \"new\")\n\tif err := refuse(); err != nil {\n\t\tf.Close()\n\t\treturn err\n\t}\n\treturn f.Close()\n",
	"\tdefer f.Close()\n\tif len(s.configPath) > 0 {\n\t\tfmt.Fprint(f, \"new\")\n\t\tif err := refuse(); err != nil {\n\t\t\treturn err\n\t\t}\n\t}\n\treturn nil\n",
	"\tdefer f.Close()\n\tfmt.Fprint(f, \"new\")\n\tif len(s.configPath) > 0 {\n\t\treturn refuse()\n\t}\n\tfmt.Fprint(f, \"er\")\n\treturn nil\n",
	"\tdefer f.Close()\n\tw := bufio.NewWriter(f)\n\tfmt.Fprint(w, \"new\")\n\tif err := w.Flush(); err != nil {\n\t\treturn err\n\t}\n\tfmt.Println(\"saved\", refuse())\n\treturn nil\n",
	"\tdefer f.Close()\n\tfor i := range 3 {\n\t\tfmt.Fprintln(f, i)\n\t\tif err := refuseAt(2, i); err != nil {\n\t\t\treturn err\n\t\t}\n\t}\n\treturn nil\n",
	"\tdefer f.Close()\n\tfmt.Fprint(f, \"new\")\n\tif err := refuse(); err != nil {\n\t\treturn err\n\t}\n\tif len(s.configPath) == 0 {\n\t\tfmt.Fprint(f, \"er\")\n\t}\n\treturn nil\n",
	"\tdefer f.Close()\n\tswitch len(s.configPath) {\n\tcase 0:\n\t\tfmt.Fprint(f, \"none\")\n\tdefault:\n\t\tfmt.Fprint(f, \"new\")\n\t\tif err := refuse(); err != nil {\n\t\t\treturn err\n\t\t}\n\tcase 1:\n\t\tfmt.Fprint(f, \"one\")\n\t}\n\treturn nil\n",
	"\tdefer f.Close()\n\tif len(s.configPath) > 0 {\n\t\tfmt.Fprint(f, \"new\")\n\t\tif err := refuse(); err != nil {\n\t\t\treturn err\n\t\t}\n\t} else {\n\t\tfmt.Fprint(f, \"none\")\n\t}\n\treturn nil\n",
	"\tdefer f.Close()\n\tif len(s.configPath) > 0 {\n\t\tif _, err := fmt.Fprint(f, \"new\"); err != nil {\n\t\t\treturn err\n\t\t}\n\t} else if _, err := fmt.Fprint(f, \"none\"); err != nil {\n\t\treturn err\n\t}\n\treturn refuse()\n",
	"\tdefer f.Close()\n\tfor i := range 3 {\n\t\tif _, err := fmt.Fprintln(f, i); err != nil {\n\t\t\treturn err\n\t\t}\n\t\tif err := refuse(); i == 2 && err != nil {\n\t\t\treturn err\n\t\t}\n\t}\n\treturn nil\n",
}

// quietly are those of a function that returns no error.
var quietly = []string{
	"\tdefer f.Close()\n\tfmt.Fprint(f, \"new\")\n",
	"\tdefer f.Close()\n\tif len(s.configPath) == 1 {\n\t\treturn\n\t}\n\tif _, err := fmt.Fprint(f, \"new\"); err != nil {\n\t\tfmt.Println(\"failed\")\n\t\treturn\n\t}\n\tfmt.Fprint(f, \"er\")\n",
	"\tfmt.Fprint(f, \"new\")\n\tf.Close()\n\tfmt.Println(\"saved\")\n",
	"\tdefer f.Close()\n\tif _, err := fmt.Fprint(f, \"new\"); err != nil {\n\t\treturn\n\t}\n\tif err := refuse(); err != nil {\n\t\tfmt.Println(\"refused\")\n\t\treturn\n\t}\n\tfmt.Println(\"saved\")\n",
}

func overwritten() []string {
	wrap := func(save string) string {
		return "type storeNAME struct{ configPath string }\n\n" +
			"func (s *storeNAME) load() ([]byte, error) { return os.ReadFile(s.configPath) }\n\n" +
			"func (s *storeNAME) parse(v any) error {\n\tdata, err := s.load()\n\tif err != nil {\n\t\treturn err\n\t}\n\treturn json.Unmarshal(data, v)\n}\n\n" +
			"func (s *storeNAME) saveConfig() error {\n" + save + "}\n\n" +
			"func NAME(path string) (string, error) {\n\ts := &storeNAME{path}\n\terr := s.saveConfig()\n\tdata, _ := s.load()\n\treturn string(data), err\n}\n"
	}
	list := []string{
		wrap("\treturn os.WriteFile(s.configPath, []byte(\"new\"), 0o600)\n"),
		wrap("\terr := os.WriteFile(s.configPath, []byte(\"new\"), 0o644)\n\tif err != nil {\n\t\treturn fmt.Errorf(\"saving: %w\", err)\n\t}\n\tfmt.Println(\"saved\")\n\treturn nil\n"),
	}
	for _, open := range []string{"os.Create(s.configPath)", "os.OpenFile(s.configPath, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)", "os.OpenFile(s.configPath, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)"} {
		for _, content := range contents {
			list = append(list, wrap("\tf, err := "+open+"\n\tif err != nil {\n\t\treturn err\n\t}\n"+content))
			if strings.HasPrefix(open, "os.Create") {
				list = append(list, wrap("\tf, err := "+open+"\n\tif err != nil {\n\t\treturn fmt.Errorf(\"opening: %w\", err)\n\t}\n"+content))
			}
		}
		for _, content := range quietly {
			quiet := wrap("\tf, err := " + open + "\n\tif err != nil {\n\t\tfmt.Println(\"not saved\")\n\t\treturn\n\t}\n" + content)
			quiet = strings.Replace(quiet, "saveConfig() error", "saveConfig()", 1)
			list = append(list, strings.Replace(quiet, "\terr := s.saveConfig()\n\tdata, _ :=", "\ts.saveConfig()\n\tdata, err :=", 1))
		}
	}
	list = append(list, wrap("\tf, err := os.Create(s.configPath)\n\tnote(s.configPath, err)\n\tnote(\"encoding\", json.NewEncoder(f).Encode(\"new\"))\n\tnote(s.configPath, f.Close())\n\treturn nil\n"))
	return list
}

func protected() []string {
	var list []string
	list = append(list,
		"func NAME(path string) (string, error) {\n\tinfo, err := os.Stat(path)\n\tif err != nil {\n\t\treturn \"\", err\n\t}\n\tw, err := os.Create(path + \".copy\")\n\tif err != nil {\n\t\treturn \"\", err\n\t}\n\t_, err = w.WriteString(\"copy\")\n\tif cerr := w.Close(); err == nil {\n\t\terr = cerr\n\t}\n\tif cerr := os.Chmod(path+\".copy\", info.Mode()); err == nil {\n\t\terr = cerr\n\t}\n\treturn \"\", err\n}\n",
		"func NAME(path string) (string, error) {\n\tif err := os.WriteFile(path, []byte(\"new\"), 0o666); err != nil {\n\t\treturn \"\", err\n\t}\n\tfmt.Println(\"written\")\n\tif err := os.Chmod(path, mode(path)&0o640); err != nil {\n\t\treturn \"\", err\n\t}\n\treturn \"done\", nil\n}\n",
		"func NAME(path string) (string, error) {\n\tm := mode(path)\n\tif err := os.WriteFile(path, []byte(\"new\"), 0o666); err != nil {\n\t\treturn \"\", err\n\t}\n\tfmt.Println(\"written\")\n\tif err := os.Chmod(path, m&0o640); err != nil {\n\t\treturn \"\", err\n\t}\n\treturn \"done\", nil\n}\n")
	list = append(list, "func NAME(path string) (string, error) {\n\tf, err := os.Create(path)\n\tif err != nil {\n\t\treturn \"\", err\n\t}\n\tdefer f.Close()\n\tif err := f.Chmod(0o640); err != nil {\n\t\treturn \"\", err\n\t}\n\t_, err = f.WriteString(\"new\")\n\treturn \"\", err\n}\n")
	for _, mode := range []string{"0o600", "0o444", "mode(path)"} {
		list = append(list,
			"func NAME(path string) (string, error) {\n\treturn \"\", NAMEmode(path, "+mode+")\n}\n\nfunc NAMEmode(path string, m os.FileMode) error {\n\tif err := os.WriteFile(path, []byte(\"new\"), 0o666); err != nil {\n\t\treturn err\n\t}\n\treturn os.Chmod(path, m)\n}\n",
			"func NAME(path string) (string, error) {\n\tif err := os.WriteFile(path, []byte(\"new\"), 0o666); err != nil {\n\t\treturn \"\", err\n\t}\n\tif err := os.Chmod(path, "+mode+"); err != nil {\n\t\treturn \"\", err\n\t}\n\treturn \"done\", nil\n}\n",
			"func NAME(path string) (string, error) {\n\tf, err := os.Create(path)\n\tif err != nil {\n\t\treturn \"\", err\n\t}\n\tdefer f.Close()\n\tif err := os.Chmod(path, "+mode+"); err != nil {\n\t\treturn \"\", err\n\t}\n\t_, err = f.WriteString(\"new\")\n\treturn \"\", err\n}\n",
			"func NAME(path string) (string, error) {\n\treturn \"\", NAMEinstall(path, "+mode+")\n}\n\nfunc NAMEinstall(path string, m os.FileMode) error {\n\tf, err := os.CreateTemp(filepath.Dir(path), \"new\")\n\tif err != nil {\n\t\treturn err\n\t}\n\tfmt.Fprint(f, \"new\")\n\tif err := f.Close(); err != nil {\n\t\treturn err\n\t}\n\tif err := os.Rename(f.Name(), path); err != nil {\n\t\tos.Remove(f.Name())\n\t\treturn err\n\t}\n\treturn os.Chmod(path, m)\n}\n",
			"func NAME(path string) (string, error) {\n\tif err := os.Mkdir(path, 0o777); err != nil {\n\t\treturn \"\", err\n\t}\n\treturn \"\", os.Chmod(path, "+mode+")\n}\n")
	}
	return list
}

func lookedUpAgain() []string {
	var list []string
	for _, closing := range []string{"\tdefer f.Close()\n", "\tdefer func() { _ = f.Close() }()\n"} {
		for _, arg := range []string{"path", "f.Name()"} {
			list = append(list, "func NAME(path string) (string, error) {\n\tf, err := os.Open(path)\n\tif err != nil {\n\t\treturn \"\", err\n\t}\n"+closing+
				"\tinfo, err := os.Stat("+arg+")\n\tif err != nil {\n\t\treturn \"\", err\n\t}\n\tdata, err := io.ReadAll(io.LimitReader(f, info.Size()))\n\treturn fmt.Sprint(info.Name(), info.Mode(), string(data)), err\n}\n")
		}
	}
	list = append(list, "func NAME(path string) (string, error) {\n\tf, err := os.Open(path)\n\tif err != nil {\n\t\treturn \"\", err\n\t}\n\tdefer f.Close()\n\tn, err := NAMEsize(path)\n\tif err != nil {\n\t\treturn \"\", err\n\t}\n\tdata, err := io.ReadAll(io.LimitReader(f, n))\n\treturn string(data), err\n}\n\nfunc NAMEsize(path string) (int64, error) {\n\tinfo, err := os.Stat(path)\n\tif err != nil {\n\t\treturn 0, err\n\t}\n\treturn info.Size(), nil\n}\n")
	return list
}

// numbered are programs that use a file by its descriptor.
func numbered() []string {
	var list []string
	for _, open := range []string{"os.Open(path)", "os.OpenFile(path, os.O_RDWR, 0)"} {
		for _, use := range []string{
			"\treturn \"synced\", syscall.Fsync(int(f.Fd()))\n",
			"\tfd := int(f.Fd())\n\tif err := syscall.Ftruncate(fd, 2); err != nil {\n\t\treturn \"\", err\n\t}\n\treturn \"cut\", syscall.Fchmod(fd, 0o640)\n",
			"\tvar info syscall.Stat_t\n\tif err := syscall.Fstat(int(f.Fd()), &info); err != nil {\n\t\treturn \"\", err\n\t}\n\treturn fmt.Sprint(info.Mode), nil\n",
		} {
			list = append(list,
				"func NAME(path string) (string, error) {\n\tf, err := "+open+"\n\tif err != nil {\n\t\treturn \"\", err\n\t}\n"+use+"}\n",
				"func NAME(path string) (string, error) {\n\tif exists(path) {\n\t\tf, err := "+open+"\n\t\tif err != nil {\n\t\t\treturn \"\", err\n\t\t}\n"+indent(use)+"\t}\n\treturn \"none\", nil\n}\n")
		}
		list = append(list, "func NAME(path string) (string, error) {\n\tfor _, path := range []string{path, path + \"2\"} {\n\t\tf, err := "+open+"\n\t\tif err != nil {\n\t\t\treturn \"\", err\n\t\t}\n\t\terr = syscall.Fsync(int(f.Fd()))\n\t\tif err != nil {\n\t\t\treturn \"\", err\n\t\t}\n\t}\n\treturn \"all\", nil\n}\n")
	}
	return list
}
