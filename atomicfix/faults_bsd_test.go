//go:build darwin || freebsd || netbsd || openbsd

package atomicfix

// onlyElsewhere is for operations that no scenario reaches on these systems.
var onlyElsewhere = map[string]bool{
	"chown": true, "createUnnamed": true, "linkUnnamed": true,
	"getAttr": true, "fgetAttr": true, "fsetAttr": true, "fremoveAttr": true,
}

func systemScenarios() []scenario { return nil }
