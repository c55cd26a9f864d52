package driver

import (
	"fmt"
	"go/build"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/edcacfbd/toctou/internal/finding"
	"github.com/edcacfbd/toctou/internal/fingerprint"
)

// A platform is an operating system with or without a processor, as -platforms has
// it: windows or linux/arm64. The empty one is that of the go command's environment.
type platform string

// systems are the operating systems that -platforms=all looks for files of.
var systems = []string{"linux", "darwin", "windows", "freebsd", "netbsd", "openbsd"}

// allPlatforms is the name for all systems that the packages have files for.
const allPlatforms = "all"

// environ returns the environment of the go command for the platform, nil for that of
// the process. Without a compiler for another system there is no cgo.
func (p platform) environ() []string {
	if p == "" {
		return nil
	}
	goos, goarch, _ := strings.Cut(string(p), "/")
	env := append(os.Environ(), "GOOS="+goos)
	if goarch != "" {
		env = append(env, "GOARCH="+goarch)
	}
	if goos != runtime.GOOS || goarch != "" && goarch != runtime.GOARCH {
		env = append(env, "CGO_ENABLED=0")
	}
	return env
}

// platformList is the flag -platforms.
type platformList []platform

// String implements flag.Value.
func (l *platformList) String() string {
	var names []string
	for _, p := range *l {
		names = append(names, string(p))
	}
	return strings.Join(names, ",")
}

// Set implements flag.Value.
func (l *platformList) Set(s string) error {
	*l = nil
	for name := range strings.SplitSeq(s, ",") {
		goos, goarch, hasArch := strings.Cut(name, "/")
		complete := goos != "" && (!hasArch || goarch != "")
		known := name == allPlatforms || slices.Contains(systems, goos)
		if !complete || !known {
			return fmt.Errorf("want %s, or a comma-separated list of %s, each with or without an architecture, for example linux/arm64", allPlatforms, strings.Join(systems, ", "))
		}
		if !slices.Contains(*l, platform(name)) {
			*l = append(*l, platform(name))
		}
	}
	return nil
}

// analyzeAll analyzes the packages on each platform of the flag, one after the other.
// A finding is reported once, with the platforms that have it.
func (p *program) analyzeAll(o *options, dir string, patterns []string, listed func(packages int)) (*result, []*packages.Package, error) {
	if len(o.platforms) == 0 {
		l, err := o.list(dir, patterns, "")
		if err != nil {
			return nil, nil, err
		}
		listed(len(l.program.Packages))
		return l.analyze(o), l.program.Packages, nil
	}
	list := slices.Clone(o.platforms)
	if slices.Contains(list, allPlatforms) {
		l, err := o.list(dir, patterns, "")
		if err != nil {
			return nil, nil, err
		}
		list = platformsOf(o.tags, l.program.Packages)
	}
	whole := new(result)
	var named []*packages.Package
	for _, on := range list {
		l, err := o.list(dir, patterns, on)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", on, err)
		}
		listed(len(l.program.Packages))
		whole.merge(l.analyze(o), on)
		named = append(named, l.program.Packages...)
	}
	slices.SortStableFunc(whole.findings, finding.Compare)
	fingerprint.Assign(whole.findings)
	return whole, named, nil
}

// merge adds the result of a platform.
func (r *result) merge(other *result, on platform) {
	have := make(map[string]bool) // the packages, by path
	for _, pkg := range r.packages {
		have[pkg.PkgPath] = true
	}
	for _, pkg := range other.packages {
		if !have[pkg.PkgPath] {
			r.packages = append(r.packages, pkg)
		}
	}
	type key struct {
		file, rule, message string
		start, end          finding.Position
	}
	keyOf := func(f *finding.Finding) key {
		return key{f.Use.Path, f.Rule, f.Message, f.Use.Start, f.Use.End}
	}
	known := make(map[key]*finding.Finding)
	for _, f := range r.findings {
		known[keyOf(f)] = f
	}
	for _, f := range other.findings {
		if same := known[keyOf(f)]; same != nil {
			same.Platforms = append(same.Platforms, string(on))
			continue
		}
		f.Platforms = []string{string(on)}
		r.findings = append(r.findings, f)
	}
	for _, problem := range other.problems {
		if !slices.Contains(r.problems, problem) {
			r.problems = append(r.problems, problem)
		}
	}
	r.leftOut = max(r.leftOut, other.leftOut)
	r.errors = append(r.errors, other.errors...)
}

// platformsOf returns the systems that packages have files for which the listing of
// this one has left out, and this one, which comes first.
func platformsOf(tags string, pkgs []*packages.Package) []platform {
	ctx := build.Default
	ctx.CgoEnabled = true
	if tags != "" {
		ctx.BuildTags = strings.Split(tags, ",")
	}
	found := []platform{platform(ctx.GOOS)}
	for _, ctx.GOOS = range systems {
		if slices.Contains(found, platform(ctx.GOOS)) {
			continue
		}
		has := slices.ContainsFunc(pkgs, func(pkg *packages.Package) bool {
			return slices.ContainsFunc(pkg.IgnoredFiles, func(name string) bool {
				ok, err := ctx.MatchFile(filepath.Dir(name), filepath.Base(name))
				return err == nil && ok
			})
		})
		if has {
			found = append(found, platform(ctx.GOOS))
		}
	}
	return found
}
