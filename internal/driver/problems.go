package driver

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/edcacfbd/toctou/internal/reach"
)

// describeErrors says in one line what is wrong with the package: its first
// error, and how many more there are.
func describeErrors(dir string, pkg *packages.Package) string {
	errs := clearest(pkg.Errors)
	first := errs[0]
	if !inModule(dir) && strings.Contains(first.Msg, "main module") {
		return errNoModule(dir).Error()
	}
	text := firstError(dir, pkg)
	switch {
	case pkg.PkgPath == "command-line-arguments":
		text += "; pass the package instead of its files"
	case pkg.Name != "" && pkg.IllTyped:
		text += fmt.Sprintf("; %s is left out", pkg.PkgPath)
	case strings.Contains(first.Msg, "is not in std") && isFolder(filepath.Join(dir, pkg.PkgPath)):
		text += fmt.Sprintf("; the directory is ./%s", pkg.PkgPath)
	case strings.Contains(first.Msg, "is not in std"):
		text += didYouMean("toctou ", pkg.PkgPath, commandNames())
	}
	return text
}

// firstError returns the clearest error of a package with its place, and how many
// more there are.
func firstError(dir string, pkg *packages.Package) string {
	errs := clearest(pkg.Errors)
	first := errs[0]
	text, more := cause(pkg, first), len(errs)-1
	if rest, ok := strings.CutPrefix(text, "# "); ok { // what the compiler says, under a heading
		_, rest, _ = strings.Cut(rest, "\n")
		lines := strings.Split(strings.TrimSpace(rest), "\n")
		text, more = lines[0], len(lines)-1
	}
	text = oneLine(text)
	if pos := relativePos(dir, first.Pos); pos != "" {
		text = pos + ": " + text
	}
	if more > 0 {
		text += fmt.Sprintf(" (and %d more)", more)
	}
	return text
}

// isFolder reports whether there is a folder of the name.
func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// clearest returns those errors that say most, in the order of the source. A
// parser's error makes the type checker stumble, too; what the go command says
// of imports and files is clearer than the type checker's view of it; and what
// it quotes from the compiler repeats the type checker.
func clearest(errs []packages.Error) []packages.Error {
	rank := func(e packages.Error) int {
		switch {
		case e.Kind == packages.ParseError:
			return 0
		case e.Kind == packages.ListError && !strings.HasPrefix(e.Msg, "# "):
			return 1
		case e.Kind == packages.TypeError:
			return 2
		}
		return 3
	}
	best := slices.MinFunc(errs, func(a, b packages.Error) int { return cmp.Compare(rank(a), rank(b)) })
	errs = slices.DeleteFunc(slices.Clone(errs), func(e packages.Error) bool { return rank(e) != rank(best) })
	slices.SortStableFunc(errs, func(a, b packages.Error) int { return comparePos(a.Pos, b.Pos) })
	return slices.Compact(errs)
}

// cause returns the text of the error: where it is that an import failed, the
// reason is with the imported package.
func cause(pkg *packages.Package, e packages.Error) string {
	if rest, ok := strings.CutPrefix(e.Msg, "could not import "); ok {
		path, _, _ := strings.Cut(rest, " ")
		if imp := pkg.Imports[path]; imp != nil && len(imp.Errors) > 0 {
			return imp.Errors[0].Msg
		}
	}
	return e.Msg
}

// comparePos compares positions file:line:column.
func comparePos(a, b string) int {
	fileA, lineA, columnA := splitPos(a)
	fileB, lineB, columnB := splitPos(b)
	return cmp.Or(cmp.Compare(fileA, fileB), cmp.Compare(lineA, lineB), cmp.Compare(columnA, columnB))
}

// splitPos takes a position file:line:column apart, from behind: a file name
// can have colons.
func splitPos(pos string) (file string, line, column int) {
	parts := strings.Split(pos, ":")
	if n := len(parts); n >= 3 {
		line, _ = strconv.Atoi(parts[n-2])
		column, _ = strconv.Atoi(parts[n-1])
		parts = parts[:n-2]
	}
	return strings.Join(parts, ":"), line, column
}

// relativePos shortens the file name in a position file:line:column, and
// drops a position that is none.
func relativePos(dir, pos string) string {
	file, line, column := splitPos(pos)
	switch {
	case file == "" || file == "-":
		return ""
	case line == 0:
		return relative(dir, file)
	}
	return fmt.Sprintf("%s:%d:%d", relative(dir, file), line, column)
}

// relative returns the name of the file as seen from the directory dir.
func relative(dir, file string) string {
	if rel, err := filepath.Rel(dir, file); err == nil && filepath.IsAbs(file) {
		return rel
	}
	return file
}

// loadError words a failure of the go command that is about no package.
func loadError(dir, msg string) error {
	if !inModule(dir) {
		return errNoModule(dir)
	}
	msg = strings.TrimPrefix(msg, "err: exit status 1: stderr: ")
	return fmt.Errorf("cannot load the packages: %s", oneLine(msg))
}

// errNoModule says that there is no module to analyze.
func errNoModule(dir string) error {
	return fmt.Errorf("no go.mod in %s or above: run toctou inside a module, or use -C", dir)
}

// inModule reports whether a go.mod or go.work file governs dir.
func inModule(dir string) bool {
	return reach.Find(dir, "go.mod") != "" || reach.Find(dir, "go.work") != ""
}
