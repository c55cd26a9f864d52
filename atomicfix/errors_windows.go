package atomicfix

import "syscall"

const (
	errorNameTooLong    = syscall.Errno(206)  // ERROR_FILENAME_EXCED_RANGE
	errorNotEnoughQuota = syscall.Errno(1816) // ERROR_NOT_ENOUGH_QUOTA
	errorDiskFull       = syscall.Errno(112)  // ERROR_DISK_FULL
	errorHandleDiskFull = syscall.Errno(39)   // ERROR_HANDLE_DISK_FULL
	errorNotSupported   = syscall.Errno(50)   // ERROR_NOT_SUPPORTED
	errorInvalidFunc    = syscall.Errno(1)    // ERROR_INVALID_FUNCTION
	errorTooManyLinks   = syscall.Errno(1142) // ERROR_TOO_MANY_LINKS
	errorTooManyOpen    = syscall.Errno(4)    // ERROR_TOO_MANY_OPEN_FILES
	errorSharing        = syscall.Errno(32)   // ERROR_SHARING_VIOLATION
	errorLock           = syscall.Errno(33)   // ERROR_LOCK_VIOLATION
	errorNotSameDevice  = syscall.Errno(17)   // ERROR_NOT_SAME_DEVICE
	errorIODevice       = syscall.Errno(1117) // ERROR_IO_DEVICE
)

var (
	hopelessErrnos    = []error{errorDiskFull, errorHandleDiskFull, errorNotEnoughQuota, errorTooManyOpen, errorIODevice}
	keepsNameErrnos   = []error{syscall.ERROR_ACCESS_DENIED, errorSharing, errorLock, errorNotSameDevice}
	unsupportedErrnos = []error{errorNotSupported, errorInvalidFunc, syscall.EWINDOWS, syscall.ENOSYS, syscall.ENOTSUP}
	unlinkableErrnos  = []error{syscall.ERROR_ACCESS_DENIED, errorTooManyLinks}
	tooLongErrnos     = []error{errorNameTooLong}
	noAttrErrnos      = []error{}
	noSpaceErrnos     = []error{errorDiskFull, errorHandleDiskFull, errorNotEnoughQuota}
	specialErrnos     = []error{}
)

var (
	errInvalid  = syscall.EINVAL
	errLoop     = syscall.ELOOP
	errNoReader = syscall.ENXIO  // there are no FIFOs
	errLeased   = syscall.EAGAIN // and no leases
)
