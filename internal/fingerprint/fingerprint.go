// Package fingerprint identifies a finding after its line has changed: a fingerprint
// stays the same if lines are added above, if a file is renamed or moved, and if layout
// and comments change.
package fingerprint

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/ast"
	"go/types"

	"github.com/edcacfbd/toctou/internal/finding"
)

// Version is of the way in which fingerprints are made: those of different
// versions have nothing to do with each other.
const Version = 1

// Of returns the fingerprint of a finding, which others in the same function
// may have as well: a hash of the rule, the function, and the expressions of
// check and use. The message does not count, since it names a line, nor does
// the file.
func Of(f *finding.Finding) string {
	check := ""
	if f.Check != nil {
		check = f.Check.Expr
	}
	h := sha256.New()
	for _, part := range []string{f.Rule, f.Function, check, f.Use.Expr} {
		fmt.Fprintf(h, "%d:%s\n", len(part), part)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// Assign gives each finding of a list, which is in the order of the source, a
// fingerprint of its own: what Of says, and the how many-th with that it is.
func Assign(list []*finding.Finding) {
	alike := make(map[string]int)
	for _, f := range list {
		hash := Of(f)
		alike[hash]++
		f.Fingerprint = fmt.Sprintf("%s:%d", hash, alike[hash])
	}
}

// Expr writes an expression in one line, so that neither its layout nor
// comments make a difference, nor what the bodies of function literals and
// composite literals in it hold.
func Expr(e ast.Expr) string { return types.ExprString(e) }
