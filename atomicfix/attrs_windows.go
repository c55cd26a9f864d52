package atomicfix

import (
	"encoding/binary"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Two attributes take the place of extended ones: the DACL in its textual form, which
// must be kept, and the attribute bits hidden, system and so on.
const (
	daclAttr = "system.dacl"
	bitsAttr = "user.bits"
)

var allAttrs = []string{daclAttr, bitsAttr}

func (kernel) listAttrs(*dir, string) ([]string, error) { return allAttrs, nil }
func (kernel) flistAttrs(*file) ([]string, error)       { return allAttrs, nil }
func (kernel) fremoveAttr(*file, string) error          { return nil }

func (k kernel) getAttr(d *dir, base, attr string) ([]byte, error) {
	f, err := d.root.Open(base)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return k.fgetAttr(f, attr)
}

func (kernel) fgetAttr(f *file, attr string) ([]byte, error) {
	h := windows.Handle(f.Fd())
	if attr == bitsAttr {
		var info windows.ByHandleFileInformation
		err := windows.GetFileInformationByHandle(h, &info)
		return binary.LittleEndian.AppendUint32(nil, info.FileAttributes&keptBits), err
	}
	sd, err := windows.GetSecurityInfo(h, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return nil, err
	}
	return []byte(sd.String()), nil
}

const keptBits = windows.FILE_ATTRIBUTE_HIDDEN | windows.FILE_ATTRIBUTE_SYSTEM |
	windows.FILE_ATTRIBUTE_ARCHIVE | windows.FILE_ATTRIBUTE_NOT_CONTENT_INDEXED

func (kernel) fsetAttr(f *file, attr string, value []byte) error {
	if attr == bitsAttr {
		// FILE_BASIC_INFO: a time of zero is left alone.
		var basic struct {
			creation, access, write, change int64
			attributes, _                   uint32
		}
		basic.attributes = binary.LittleEndian.Uint32(value)
		if basic.attributes == 0 {
			basic.attributes = windows.FILE_ATTRIBUTE_NORMAL
		}
		return windows.SetFileInformationByHandle(windows.Handle(f.Fd()), windows.FileBasicInfo,
			(*byte)(unsafe.Pointer(&basic)), uint32(unsafe.Sizeof(basic)))
	}
	sd, err := windows.SecurityDescriptorFromString(string(value))
	if err != nil {
		return err
	}
	dacl, _, err := sd.DACL()
	if err != nil {
		return err
	}
	which := windows.SECURITY_INFORMATION(windows.DACL_SECURITY_INFORMATION | windows.UNPROTECTED_DACL_SECURITY_INFORMATION)
	if control, _, err := sd.Control(); err == nil && control&windows.SE_DACL_PROTECTED != 0 {
		which = windows.DACL_SECURITY_INFORMATION | windows.PROTECTED_DACL_SECURITY_INFORMATION
	}
	h, err := reopen(windows.Handle(f.Fd()), windows.WRITE_DAC)
	if err != nil {
		return err
	}
	defer windows.CloseHandle(h)
	return windows.SetSecurityInfo(h, windows.SE_FILE_OBJECT, which, nil, nil, dacl, nil)
}

var procReOpenFile = windows.NewLazySystemDLL("kernel32.dll").NewProc("ReOpenFile")

// reopen opens the file behind a handle again, with rights that os.OpenFile
// does not request; by handle, so that no other file can be meant.
func reopen(h windows.Handle, access uint32) (windows.Handle, error) {
	const share = windows.FILE_SHARE_READ | windows.FILE_SHARE_WRITE | windows.FILE_SHARE_DELETE
	r, _, err := procReOpenFile.Call(uintptr(h), uintptr(access), share, 0)
	if windows.Handle(r) == windows.InvalidHandle {
		return 0, err
	}
	return windows.Handle(r), nil
}
