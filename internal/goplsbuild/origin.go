package goplsbuild

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"

	"golang.org/x/mod/modfile"
)

// An origin is where the plugin's source comes from.
type origin struct {
	version string // of the module
	sum     string // its checksum
	dir     string // replaces the module, if it is not ""
}

// findOrigin returns where the source of the running program comes from, or
// that in the directory source, if one is named.
func findOrigin(source string) (*origin, error) {
	if source != "" {
		return fromDirectory(source)
	}
	// Only a module that was downloaded has a checksum: what was built in a
	// checkout may have a version, too, but no proxy need know it.
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Path == toctouPath && info.Main.Sum != "" {
		return &origin{version: info.Main.Version, sum: info.Main.Sum}, nil
	}
	_, file, _, _ := runtime.Caller(0)
	from, err := fromDirectory(filepath.Dir(filepath.Dir(filepath.Dir(file))))
	if err != nil {
		return nil, errors.New("this toctou was built from a checkout that no longer exists; name one with -source")
	}
	return from, nil
}

// fromDirectory returns the origin that is a checkout.
func fromDirectory(dir string) (*origin, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return nil, err
	}
	if path := modfile.ModulePath(data); path != toctouPath {
		return nil, fmt.Errorf("%s has the module %s, not %s", dir, path, toctouPath)
	}
	return &origin{version: "v0.0.0", dir: dir}, nil
}
