//go:build !linux && !darwin && !windows

package atomicfix

import "os"

// Extended attributes and ACLs are not kept on these systems: x/sys cannot read
// the ACLs of the BSDs, and OpenBSD has none; the others have none, or a plain
// fallback.

func (kernel) listAttrs(*dir, string) ([]string, error)     { return nil, nil }
func (kernel) getAttr(*dir, string, string) ([]byte, error) { return nil, nil }
func (kernel) flistAttrs(*os.File) ([]string, error)        { return nil, nil }
func (kernel) fgetAttr(*os.File, string) ([]byte, error)    { return nil, nil }
func (kernel) fsetAttr(*os.File, string, []byte) error      { return nil }
func (kernel) fremoveAttr(*os.File, string) error           { return nil }
