package atomicfix

import (
	"bytes"
	"os"
	"runtime"
	"slices"
	"strings"
)

// keepAttrs gives the temporary the target's ACL exactly, or none of the one
// that it inherited, and the user's extended attributes as far as possible. It
// reports whether it changed anything.
//
// Whatever vouches for the old content is not copied: security.capability,
// security.ima and security.evm (xattr(7)); a write removes them, too.
func (x *FS) keepAttrs(t *target, temp *os.File) (changed bool, err error) {
	want, err := x.sys.listAttrs(t.dir, t.base)
	if err != nil && !unsupported(err) && !absent(err) {
		return false, err
	}
	have, err := x.sys.flistAttrs(temp)
	if err != nil && !unsupported(err) {
		return false, err
	}
	for _, attr := range have {
		if attr == aclAttr && !slices.Contains(want, attr) {
			if err := x.sys.fremoveAttr(temp, attr); err != nil {
				return changed, err
			}
			changed = true
		}
	}
	for _, attr := range want {
		required := strings.HasPrefix(attr, "system.")
		if !required && !copied(attr) {
			continue
		}
		set, err := x.copyAttr(t, temp, attr, slices.Contains(have, attr))
		if err != nil && required {
			return changed, err
		}
		changed = changed || set
	}
	return changed, nil
}

// aclAttr holds a POSIX access ACL (acl(5), xattr(7)).
const aclAttr = "system.posix_acl_access"

// copied reports whether an attribute is the user's, or a label that a rewrite
// in place would have kept.
func copied(attr string) bool {
	return runtime.GOOS == "darwin" || // where they have no classes
		strings.HasPrefix(attr, "user.") || attr == "security.selinux" || attr == "security.SMACK64"
}

func (x *FS) copyAttr(t *target, temp *os.File, attr string, has bool) (set bool, err error) {
	value, err := x.sys.getAttr(t.dir, t.base, attr)
	if err != nil {
		return false, err
	}
	if has {
		if now, err := x.sys.fgetAttr(temp, attr); err == nil && bytes.Equal(now, value) {
			return false, nil
		}
	}
	err = x.sys.fsetAttr(temp, attr, value)
	return err == nil, err
}
