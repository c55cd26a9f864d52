package atomicfix

import "syscall"

const (
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
	hopelessErrnos    = []syscall.Errno{errorDiskFull, errorHandleDiskFull, errorNotEnoughQuota, errorTooManyOpen, errorIODevice}
	keepsNameErrnos   = []syscall.Errno{syscall.ERROR_ACCESS_DENIED, errorSharing, errorLock, errorNotSameDevice}
	unsupportedErrnos = []syscall.Errno{errorNotSupported, errorInvalidFunc, syscall.EWINDOWS, syscall.ENOSYS, syscall.ENOTSUP}
	unlinkableErrnos  = []syscall.Errno{syscall.ERROR_ACCESS_DENIED, errorTooManyLinks}
	noSpaceErrnos     = []syscall.Errno{errorDiskFull, errorHandleDiskFull, errorNotEnoughQuota}
)
