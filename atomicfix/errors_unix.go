//go:build !windows && !plan9

package atomicfix

import (
	"errors"
	"syscall"
)

var (
	hopelessErrnos    = []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EIO, syscall.EMFILE, syscall.ENFILE}
	keepsNameErrnos   = []error{syscall.EBUSY, syscall.EXDEV, syscall.EPERM, syscall.EACCES}
	unsupportedErrnos = []error{syscall.EINVAL, syscall.ENOSYS, syscall.ENOTSUP, syscall.EOPNOTSUPP, errors.ErrUnsupported}
	unlinkableErrnos  = []error{syscall.EPERM, syscall.EACCES, syscall.EMLINK}
	tooLongErrnos     = []error{syscall.ENAMETOOLONG}
	noAttrErrnos      = noAttr
	noSpaceErrnos     = []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG}
	specialErrnos     = []error{syscall.ENXIO, syscall.ENODEV, syscall.EOPNOTSUPP} // of a socket, or a device that is not there
)

var (
	errInvalid  = syscall.EINVAL
	errLoop     = syscall.ELOOP
	errNoReader = syscall.ENXIO  // of a FIFO that no process has open for reading
	errLeased   = syscall.EAGAIN // fcntl(2), Leases
)
