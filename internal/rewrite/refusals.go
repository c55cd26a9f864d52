package rewrite

import "github.com/edcacfbd/toctou/internal/fix"

// The reasons why a finding has no fix, each a clause that completes "no fix:".
const (
	NoSource     fix.Refusal = "the file is generated, uses cgo, or does not type-check as it stands"
	NoRewrite    fix.Refusal = "toctou has no rewrite for this call"
	NoHelper     fix.Refusal = "the fix needs the helper package, which cannot be imported here"
	Indirect     fix.Refusal = "the operation is in a function that others call, too, or in another package"
	OtherFile    fix.Refusal = "the two operations are in different files"
	OtherChange  fix.Refusal = "the program itself may change what the path names between the two operations"
	PassesAnyway fix.Refusal = "the program gets to the use whatever the check says"
	NotVanished  fix.Refusal = "the error of the use does not certainly say that this path is absent"
	LinkItself   fix.Refusal = "the check looks at a symbolic link itself, and the use follows it"
	NoBranch     fix.Refusal = "what the program does on the other answer of the check is too long to repeat, or uses variables that mean something else at the use"
	NoError      fix.Refusal = "the error of the call is not in a variable, and is not returned alone"
	Unhandled    fix.Refusal = "the error of the call is not handled by an if that directly follows"
	LaterUse     fix.Refusal = "the error of the call is used again after it was handled"
	SameAnyway   fix.Refusal = "the program does the same where the path is absent at the use"
	OneLine      fix.Refusal = "the code to extend is on one line"
	Comments     fix.Refusal = "a comment is within the code to replace"
)
