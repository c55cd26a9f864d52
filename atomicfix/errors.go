package atomicfix

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

var (
	// ErrNotCommitted is the error of [File.Close] without a Commit, so that
	// `return f.Close()` cannot hide that nothing was written.
	ErrNotCommitted = errors.New("closed without Commit: nothing was written")

	// ErrNotAtomic is the error under [Strict] if only a write in place would
	// succeed, which a reader or a crash can see partly done.
	ErrNotAtomic = errors.New("cannot be written atomically")

	// ErrNotRegular is the error of [OpenRegular] for a directory, device, FIFO or
	// socket, and of [Update] for all of these but a directory: that is EISDIR, as for
	// os.WriteFile.
	ErrNotRegular = errors.New("not a regular file")
)

// A DurabilityError means that the complete new content has replaced the old one,
// but that the system failed to confirm that it survives a power failure. On most
// systems it does not help to write again: after a failed fsync(2) the kernel may
// have dropped the pages that it could not write.
type DurabilityError struct {
	Path string // as the caller gave it
	Err  error  // from fsync(2)
}

func (e *DurabilityError) Error() string {
	return fmt.Sprintf("%s replaced, but not known to be durable: %v", e.Path, e.Err)
}

func (e *DurabilityError) Unwrap() error { return e.Err }

// notReplaced returns the cause of a DurabilityError, for a caller that undoes the
// change.
func notReplaced(err error) error {
	var e *DurabilityError
	if errors.As(err, &e) {
		return e.Err
	}
	return err
}

// pathError wraps err for the caller: it names the caller's path and drops
// the path of an inner error, which may be the temporary's.
func pathError(op, name string, err error) error {
	return &fs.PathError{Op: op, Path: name, Err: underlying(err)}
}

func linkError(op, from, to string, err error) error {
	return &os.LinkError{Op: op, Old: from, New: to, Err: underlying(err)}
}

func notAtomic(name string, cause error) error {
	return &fs.PathError{Op: "replace", Path: name, Err: fmt.Errorf("%w: %w", ErrNotAtomic, underlying(cause))}
}

// underlying takes off the layers that say which path failed.
func underlying(err error) error {
	switch e := err.(type) {
	case *fs.PathError:
		return underlying(e.Err)
	case *os.LinkError:
		return underlying(e.Err)
	case *os.SyscallError:
		return underlying(e.Err)
	}
	return err
}

// opOf is the operation that failed, if err says so.
func opOf(err error) string {
	var e *fs.PathError
	if errors.As(err, &e) {
		return e.Op
	}
	return ""
}

func isOneOf(err error, these ...error) bool {
	for _, e := range these {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// hopeless reports whether err is about the machine's resources, so that to
// write in place would fail too, and destroy the old content on the way.
func hopeless(err error) bool { return isOneOf(err, hopelessErrnos...) }

// keepsName reports whether a failed rename(2) means that this name cannot be
// given to another file while the file behind it may still be written.
func keepsName(err error) bool { return isOneOf(err, keepsNameErrnos...) }

// unsupported reports whether err says that the file system or kernel lacks an
// operation.
func unsupported(err error) bool {
	return isOneOf(err, unsupportedErrnos...) || err == errors.ErrUnsupported
}

// unlinkable reports whether link(2) fails because this file system, sandbox
// or directory lets nothing be linked, and not because of the new name.
func unlinkable(err error) bool {
	return unsupported(err) || isOneOf(err, unlinkableErrnos...)
}

// tooLong reports whether a name was too long.
func tooLong(err error) bool { return isOneOf(err, tooLongErrnos...) }

// gone reports whether a file or an attribute of it is no longer there.
func gone(err error) bool { return absent(err) || isOneOf(err, noAttrErrnos...) }

func absent(err error) bool { return errors.Is(err, fs.ErrNotExist) }
