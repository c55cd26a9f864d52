package goplsbuild

import (
	"debug/buildinfo"
	"errors"
	"fmt"
	"io/fs"
	"runtime/debug"
	"slices"
	"strings"
)

// replaceable checks that the output is absent, or some gopls: a slip of the
// hand must not cost another file.
func replaceable(output string) error {
	info, err := buildinfo.ReadFile(output)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil || info.Path != goplsPath && info.Path != programPath:
		return fmt.Errorf("%s exists and is not a gopls; it is not replaced", output)
	}
	return nil
}

// done reports whether the output is what would be built. A program contains the
// versions of its modules, so they are stored nowhere else. A checkout has no version
// that changes with its content: there only the go command's own cache helps.
func (b *build) done(output string) bool {
	info, err := buildinfo.ReadFile(output)
	if err != nil || b.from.dir != "" || info.Path != programPath {
		return false
	}
	version, err := b.run("env", "GOVERSION")
	if err != nil || info.GoVersion != strings.TrimSpace(string(version)) {
		return false
	}
	has := func(path, version string) bool {
		return slices.ContainsFunc(info.Deps, func(m *debug.Module) bool {
			return m.Path == path && m.Version == version && m.Replace == nil
		})
	}
	return has(goplsPath, b.gopls.Version) && has(toctouPath, b.from.version) &&
		slices.Contains(info.Settings, debug.BuildSetting{Key: "-ldflags", Value: b.ldflags})
}
