package atomicfix

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// onlyElsewhere is for operations that a Linux test without root cannot reach.
var onlyElsewhere = map[string]bool{"chown": os.Getuid() != 0}

// systemScenarios need Linux, and some of them root.
func systemScenarios() []scenario {
	all := []scenario{
		{name: "attributes", prepare: func(t *testing.T, dir string) {
			withOld(0o640)(t, dir)
			setUserACL(t, filepath.Join(dir, "f"), aclAttr, 12345, 4)
			setxattr(t, filepath.Join(dir, "f"), "user.note", "kept")
		}, run: writeNew},
		{name: "attributes and mode", prepare: func(t *testing.T, dir string) {
			withOld(0o640)(t, dir)
			setUserACL(t, filepath.Join(dir, "f"), aclAttr, 12345, 4)
		}, run: func(x *FS, dir string) error {
			return x.WriteFileMode(filepath.Join(dir, "f"), []byte(newText), 0o604)
		}},
		{name: "inherited ACL", prepare: func(t *testing.T, dir string) {
			withOld(0o640)(t, dir)
			setUserACL(t, dir, "system.posix_acl_default", 12345, 6)
		}, run: writeNew},
		{name: "inherited ACL, equal", prepare: func(t *testing.T, dir string) {
			setUserACL(t, dir, "system.posix_acl_default", 12345, 6)
			withOld(0o600)(t, dir)
		}, run: writeNew},
		{name: "procfs", prepare: putG, look: lookAtG, byLink: true, run: func(x *FS, dir string) error {
			return throughProc(dir, x.WriteFile)
		}},
		{name: "procfs and mode", prepare: putG, look: lookAtG, byLink: true, run: func(x *FS, dir string) error {
			return throughProc(dir, x.WriteFileMode)
		}},
	}
	if os.Getuid() == 0 {
		foreign := func(t *testing.T, dir string) {
			withOld(0o640)(t, dir)
			if err := os.Chown(filepath.Join(dir, "f"), 12345, 54321); err != nil {
				t.Fatal(err)
			}
		}
		all = append(all,
			scenario{name: "owner", prepare: foreign, run: writeNew},
			scenario{name: "Update, owner", prepare: foreign, run: updateNew},
			scenario{name: "in place, cannot keep owner", prepare: foreign, run: writeNew,
				always: map[string]error{"chown": syscall.EPERM}})
	}
	return all
}

// throughProc writes to g by the name f, a link to a link of /proc.
func throughProc(dir string, write func(string, []byte, os.FileMode) error) error {
	g, err := os.Open(filepath.Join(dir, "g"))
	if err != nil {
		return err
	}
	defer g.Close()
	f := filepath.Join(dir, "f")
	if err := os.Symlink("/proc/self/fd/"+strconv.Itoa(int(g.Fd())), f); err != nil {
		return err
	}
	return write(f, []byte(newText), 0o604)
}

func putG(t *testing.T, dir string) { put(t, filepath.Join(dir, "g"), oldText, 0o640) }

func lookAtG(dir string) string { return text(filepath.Join(dir, "g")) }

func setxattr(t testing.TB, name, attr, value string) {
	t.Helper()
	if err := unix.Setxattr(name, attr, []byte(value), 0); err != nil {
		t.Skipf("no extended attributes in the temporary directory: %v", err)
	}
}

// setUserACL sets the ACL rw-,user:uid:perm,r--,mask,--- in the form that
// acl(5) has as an attribute (posix_acl_xattr.h).
func setUserACL(t testing.TB, name, attr string, uid uint32, perm uint16) {
	t.Helper()
	acl := binary.LittleEndian.AppendUint32(nil, 2)
	for _, e := range []struct {
		tag, perm uint16
		id        uint32
	}{
		{0x01, 6, ^uint32(0)}, {0x02, perm, uid}, {0x04, 4, ^uint32(0)}, {0x10, 6, ^uint32(0)}, {0x20, 0, ^uint32(0)},
	} {
		acl = binary.LittleEndian.AppendUint16(acl, e.tag)
		acl = binary.LittleEndian.AppendUint16(acl, e.perm)
		acl = binary.LittleEndian.AppendUint32(acl, e.id)
	}
	setxattr(t, name, attr, string(acl))
}
