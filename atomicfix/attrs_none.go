//go:build !linux && !darwin && !windows

package atomicfix

// Extended attributes and ACLs are not kept on these systems: x/sys cannot read
// the ACLs of the BSDs, and OpenBSD has none; the others have none, or a plain
// fallback.

func (kernel) listAttrs(*dir, string) ([]string, error)     { return nil, nil }
func (kernel) getAttr(*dir, string, string) ([]byte, error) { return nil, nil }
func (kernel) flistAttrs(*file) ([]string, error)           { return nil, nil }
func (kernel) fgetAttr(*file, string) ([]byte, error)       { return nil, nil }
func (kernel) fsetAttr(*file, string, []byte) error         { return nil }
func (kernel) fremoveAttr(*file, string) error              { return nil }
