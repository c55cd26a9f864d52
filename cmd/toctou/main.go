// Toctou finds places where a program uses a path twice and trusts the first
// answer at the second use: filesystem races (CWE-367), and files that are
// half-written or readable by others in between.
//
// It is a command line of its own, and the tool of go vet and go fix:
//
//	toctou ./...
//	go vet -vettool=$(which toctou) ./...
//	go fix -fixtool=$(which toctou) ./...
//
// See toctou help.
package main

import (
	"os"

	"github.com/edcacfbd/toctou/internal/driver"
)

func main() {
	os.Exit(driver.Main(os.Args[1:]))
}
