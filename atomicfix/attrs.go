package atomicfix

import (
	"bytes"
	"encoding/binary"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"
)

// keepAttrs gives the temporary the target's ACL exactly, or none of the one
// that it inherited, and the user's extended attributes as far as possible.
// An exact mode is put into the ACL before it is set, as chmod(2) would after
// it (acl(5)), so that it lets nobody in for a moment.
//
// Whatever vouches for the old content is not copied: security.capability,
// security.ima and security.evm (xattr(7)); a write removes them, too.
func (x *FS) keepAttrs(t *target, temp *os.File, exact *fs.FileMode) error {
	want, err := x.sys.listAttrs(t.dir, t.base)
	if err != nil && !unsupported(err) && !absent(err) {
		return err
	}
	have, err := x.sys.flistAttrs(temp)
	if err != nil && !unsupported(err) {
		return err
	}
	if slices.Contains(have, aclAttr) && !slices.Contains(want, aclAttr) {
		if err := x.sys.fremoveAttr(temp, aclAttr); err != nil {
			return err
		}
	}
	for _, attr := range want {
		required := strings.HasPrefix(attr, "system.")
		if !required && !copied(attr) {
			continue
		}
		err := x.copyAttr(t, temp, attr, slices.Contains(have, attr), exact)
		if err != nil && required {
			return err
		}
	}
	return nil
}

// aclAttr holds a POSIX access ACL (acl(5), xattr(7)).
const aclAttr = "system.posix_acl_access"

// copied reports whether an attribute is the user's, or a label that a rewrite
// in place would have kept.
func copied(attr string) bool {
	return runtime.GOOS == "darwin" || // where they have no classes
		strings.HasPrefix(attr, "user.") || attr == "security.selinux" || attr == "security.SMACK64"
}

func (x *FS) copyAttr(t *target, temp *os.File, attr string, has bool, exact *fs.FileMode) error {
	value, err := x.sys.getAttr(t.dir, t.base, attr)
	if err != nil {
		return err
	}
	if exact != nil && attr == aclAttr {
		chmodACL(value, *exact)
	}
	if has {
		if now, err := x.sys.fgetAttr(temp, attr); err == nil && bytes.Equal(now, value) {
			return nil
		}
	}
	return x.sys.fsetAttr(temp, attr, value)
}

// chmodACL does to an ACL, in the form that it has as an attribute, what
// chmod(2) does: the group's bits go to the mask, if there is one.
func chmodACL(acl []byte, mode fs.FileMode) {
	const header, entry = 4, 8 // an entry is tag, permissions and id
	const userObj, groupObj, mask, other = 0x01, 0x04, 0x10, 0x20
	order := binary.LittleEndian
	masked := false
	for group := []byte(nil); len(acl) >= header+entry; acl = acl[entry:] {
		perm := acl[header+2 : header+4]
		switch tag := order.Uint16(acl[header:]); {
		case tag == userObj:
			order.PutUint16(perm, uint16(mode>>6&7))
		case tag == groupObj:
			group = perm
		case tag == mask:
			masked = true
			order.PutUint16(perm, uint16(mode>>3&7))
		case tag == other:
			order.PutUint16(perm, uint16(mode&7))
			if !masked && group != nil { // the last entry
				order.PutUint16(group, uint16(mode>>3&7))
			}
		}
	}
}
