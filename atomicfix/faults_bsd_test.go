//go:build darwin || freebsd || netbsd || openbsd

package atomicfix

// onlyElsewhere is for operations that no scenario reaches on these systems.
var onlyElsewhere = map[string]bool{
	"chown": true, "chmodName": true, "statDir": true, "writeFile": true,
	"getAttr": true, "fgetAttr": true, "fsetAttr": true, "fremoveAttr": true,
}

func systemScenarios() []scenario { return nil }
