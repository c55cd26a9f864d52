package driver

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"os"
	"runtime/debug"

	"github.com/edcacfbd/toctou/internal/reach"
)

// version prints which toctou this is.
func (p *program) version([]string) int {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return p.failf("this program was built without a version")
	}
	fmt.Fprintln(p.stdout, describe(info))
	return exitClean
}

// describe says in one line what was built, from what, and by which Go.
func describe(info *debug.BuildInfo) string {
	revision, modified := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = ", commit " + s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			modified = " with changes"
		}
	}
	return fmt.Sprintf("toctou %s (%s%s%s)", versionOf(info), info.GoVersion, revision, modified)
}

// versionOf returns the version alone.
func versionOf(info *debug.BuildInfo) string { return cmp.Or(info.Main.Version, "(devel)") }

// versionFull prints the version of the tool for the go command, which determines by it
// which of its cached results are still valid. The results depend on the program, and on
// two things that the cache does not see: the settings files, and whether the analyzed
// code can import the helper package, because a go get changes go.mod and no source file.
func (p *program) versionFull() int {
	h := sha256.New()
	if err := identity(h); err != nil {
		return p.failf("cannot determine the version of this program: %v", err)
	}
	dir, err := os.Getwd()
	if err != nil {
		return p.failf("%v", err)
	}
	fmt.Fprintf(h, "helper in reach: %v\n", reach.InReach(dir))
	fmt.Fprintf(h, "settings: %s", hashSettings(dir))
	// The go command takes this line apart at blanks: no path in it.
	fmt.Fprintf(p.stdout, "toctou version devel buildID=%x\n", h.Sum(nil))
	return exitClean
}
