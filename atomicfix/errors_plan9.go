package atomicfix

import (
	"errors"
	"syscall"
)

// Errors are texts here, which file servers choose.

var (
	hopelessErrnos    = []error{syscall.EIO, syscall.EMFILE}
	keepsNameErrnos   = []error{syscall.EPERM, syscall.EACCES, syscall.EBUSY}
	unsupportedErrnos = []error{syscall.EINVAL, syscall.EPLAN9, errors.ErrUnsupported}
	unlinkableErrnos  = []error{syscall.EPERM, syscall.EACCES, syscall.EPLAN9}
	tooLongErrnos     = []error{syscall.ENAMETOOLONG}
	noAttrErrnos      = []error{}
	noSpaceErrnos     = []error{}
	specialErrnos     = []error{}
)

var (
	errInvalid  = syscall.EINVAL
	errLoop     = errors.New("too many levels of symbolic links")
	errNoReader = errors.New("there are no FIFOs")
	errLeased   = errors.New("there are no leases")
)
