package atomicfix

import (
	"bytes"
	"encoding/binary"
	"io/fs"
	"runtime"
	"strings"
)

// keepAttrs gives the temporary the target's ACL exactly, or none of the one
// that it inherited, and the user's extended attributes as far as possible. The
// mode that is to come is put into the ACL before it is set, as chmod(2) would
// after it (acl(5)), so that it gives no user access for a moment.
//
// Afterwards the caller checks that the target is unchanged. Then all attributes are
// of one file, and mode and owner are of the same file.
//
// Attributes that certify the old content are not copied: security.capability,
// security.ima and security.evm (xattr(7)). A write removes them, too.
func (f *File) keepAttrs(mode fs.FileMode) error {
	x, t := f.x, f.t
	want, err := x.sys.listAttrs(t.dir, t.base)
	if err != nil && !unsupported(err) && !absent(err) {
		return err
	}
	f.labeled = err != nil || hasLabel(want)
	have, err := x.sys.flistAttrs(f.disk)
	if err != nil && !unsupported(err) {
		return err
	}
	acl := false
	for _, attr := range want {
		required := strings.HasPrefix(attr, "system.")
		if !required && !copied(attr) {
			continue
		}
		err := f.copyAttr(attr, contains(have, attr), mode)
		if required && gone(err) {
			continue
		}
		if required && err != nil {
			return err
		}
		acl = acl || attr == aclAttr
	}
	if !acl && contains(have, aclAttr) {
		return x.sys.fremoveAttr(f.disk, aclAttr)
	}
	return nil
}

func contains(list []string, s string) bool {
	for _, e := range list {
		if e == s {
			return true
		}
	}
	return false
}

// hasLabel reports whether there is an attribute by which a system may refuse what
// the mode allows: security.selinux and its like, or the ACL of another system.
func hasLabel(attrs []string) bool {
	for _, attr := range attrs {
		if attr != aclAttr && !strings.HasPrefix(attr, "user.") {
			return true
		}
	}
	return false
}

// aclAttr contains a POSIX access ACL (acl(5), xattr(7)).
const aclAttr = "system.posix_acl_access"

// copied reports whether an attribute is the user's, or a label that a rewrite
// in place would have kept.
func copied(attr string) bool {
	return runtime.GOOS == "darwin" || // where they have no classes
		strings.HasPrefix(attr, "user.") || attr == "security.selinux" || attr == "security.SMACK64"
}

func (f *File) copyAttr(attr string, has bool, mode fs.FileMode) error {
	x := f.x
	value, err := x.sys.getAttr(f.t.dir, f.t.base, attr)
	if err != nil {
		return err
	}
	if attr == aclAttr {
		chmodACL(value, mode)
	}
	if has {
		if now, err := x.sys.fgetAttr(f.disk, attr); err == nil && bytes.Equal(now, value) {
			return nil
		}
	}
	if err := x.sys.fsetAttr(f.disk, attr, value); err != nil || attr != aclAttr {
		return err
	}
	m, err := x.sys.fstat(f.disk) // whose mode the ACL has changed
	f.made.mode = m.mode
	return err
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
