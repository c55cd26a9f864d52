// Package reach determines whether code can import the helper package atomicfix: whether
// an import of it would build without a go get.
package reach

import (
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/edcacfbd/toctou/internal/fsapi"
)

// Helper is the import path of the helper package and of its module.
const Helper = fsapi.Helper

// InReach reports whether code in the directory dir can import the helper:
// whether the workspace, the module or the vendor directory that governs dir
// provides it. Where a file is missing or cannot be read, the answer is no: a
// fix that imports the helper would break the build.
func InReach(dir string) bool {
	if work := Workspace(dir); work != "" {
		return workspaceProvides(work)
	}
	mod := Find(dir, "go.mod")
	return mod != "" && moduleProvides(mod) && vendorAllows(mod)
}

// Workspace returns the go.work file that governs dir, if any.
func Workspace(dir string) string {
	switch work := os.Getenv("GOWORK"); work {
	case "off":
		return ""
	case "", "auto":
		return Find(dir, "go.work")
	default:
		return work
	}
}

// Find returns the file of the name in dir or the nearest directory above that
// has it, or "".
func Find(dir, name string) string {
	for {
		file := filepath.Join(dir, name)
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
			return file
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}

// workspaceProvides reports whether a module of the workspace provides the
// helper: the build list is that of all of them together.
func workspaceProvides(work string) bool {
	for _, dir := range modulesOf(work) {
		if moduleProvides(filepath.Join(dir, "go.mod")) {
			return vendorAllows(work)
		}
	}
	return false
}

// Modules returns the folders of the modules of the workspace that governs dir.
func Modules(dir string) []string {
	if work := Workspace(dir); work != "" {
		return modulesOf(work)
	}
	return nil
}

// modulesOf returns the folders of the modules that a go.work file uses.
func modulesOf(work string) []string {
	data, err := os.ReadFile(work)
	if err != nil {
		return nil
	}
	f, err := modfile.ParseWork(work, data, nil)
	if err != nil {
		return nil
	}
	var dirs []string
	for _, use := range f.Use {
		dir := filepath.FromSlash(use.Path)
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(filepath.Dir(work), dir)
		}
		dirs = append(dirs, dir)
	}
	return dirs
}

// moduleProvides reports whether the module of the go.mod file is the helper's
// or requires it.
func moduleProvides(mod string) bool {
	data, err := os.ReadFile(mod)
	if err != nil {
		return false
	}
	f, err := modfile.ParseLax(mod, data, nil)
	if err != nil {
		return false
	}
	if f.Module != nil && f.Module.Mod.Path == Helper {
		return true
	}
	for _, r := range f.Require {
		if r.Mod.Path == Helper {
			return true
		}
	}
	return false
}

// vendorAllows reports whether the vendor directory beside the go.mod or
// go.work file, from which the go command builds where there is one, has the
// helper.
func vendorAllows(file string) bool {
	data, err := os.ReadFile(filepath.Join(filepath.Dir(file), "vendor", "modules.txt"))
	if err != nil {
		return true // no vendor directory: the build takes what go.mod says
	}
	for line := range strings.Lines(string(data)) {
		if strings.TrimSpace(line) == Helper {
			return true
		}
	}
	return false
}
