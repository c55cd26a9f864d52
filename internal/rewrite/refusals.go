package rewrite

import "github.com/edcacfbd/toctou/internal/fix"

// The reasons why a finding has no fix, each a clause that completes "no fix:".
const (
	NoSource     fix.Refusal = "the file is generated, uses cgo, or does not type-check"
	NoRewrite    fix.Refusal = "toctou has no rewrite for this call"
	NoHelper     fix.Refusal = "the fix needs the helper package, which cannot be imported here"
	Indirect     fix.Refusal = "the operation is in a function with other callers"
	OtherFile    fix.Refusal = "the two operations are in different files"
	OtherChange  fix.Refusal = "the program itself may change the path between the two operations"
	PassesAnyway fix.Refusal = "the program reaches the use whatever the check returns"
	NotVanished  fix.Refusal = "the error of the use may be about something other than the absence of this path"
	LinkItself   fix.Refusal = "the check does not follow a symbolic link, but the use does"
	NoBranch     fix.Refusal = "the branch for the other result of the check is too long to repeat, or uses variables that mean something else at the use"
	NoError      fix.Refusal = "the error of the call is not in a variable, and is not the only value returned"
	Unhandled    fix.Refusal = "the error of the call is not handled by an if statement directly after it"
	LaterUse     fix.Refusal = "the error of the call is used again after it is handled"
	SameAnyway   fix.Refusal = "the program already does the same if the path is absent at the use"
	OneLine      fix.Refusal = "the code to extend is on a single line"
	Comments     fix.Refusal = "there is a comment in the code to replace"
)
