//go:build linux || darwin || freebsd || netbsd || openbsd

package atomicfix

import "syscall"

var (
	hopelessErrnos    = []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EIO, syscall.EMFILE, syscall.ENFILE}
	keepsNameErrnos   = []syscall.Errno{syscall.EBUSY, syscall.EXDEV, syscall.EPERM, syscall.EACCES}
	unsupportedErrnos = []syscall.Errno{syscall.EINVAL, syscall.ENOSYS, syscall.ENOTSUP, syscall.EOPNOTSUPP}
	unlinkableErrnos  = []syscall.Errno{syscall.EPERM, syscall.EACCES, syscall.EMLINK}
	noSpaceErrnos     = []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG}
)
