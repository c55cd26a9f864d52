//go:build !linux

package launch

import (
	"errors"
	"fmt"
	"os"
)

var errLinux = errors.New("toctou witness runs on Linux only: elsewhere nothing keeps a test from writing outside of its copies")

// RunVariable names the directory of a run that is made ready already.
const RunVariable = "TOCTOU_WITNESS_RUN"

// Confines returns why nothing keeps a test binary from writing elsewhere.
func Confines() error { return errLinux }

// Supported returns why tests cannot be witnessed here.
func Supported() error { return errLinux }

// Main is there on Linux only.
func Main([]string) int {
	fmt.Fprintln(os.Stderr, errLinux)
	return 2
}

// Prepare is there on Linux only.
func Prepare(*Run) error { return errLinux }

// RecordDir returns the directory of the run that records the tests of a package.
func RecordDir(session, pkgDir string) string { return "" }

// Binary returns the test binary of a package that was kept.
func Binary(session, pkgDir string) string { return "" }
