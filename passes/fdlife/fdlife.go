package fdlife

import (
	"fmt"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/pass"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/rule"
)

// Rule describes the pass.
var Rule = rule.Rule{
	Name:    "fdlife",
	First:   "the descriptor is used here",
	Title:   "a file descriptor is used after its file may have been closed",
	CWE:     []int{416, 1341},
	Between: "the descriptor can be closed, and its number reused for another file",
	Doc: `The Fd method of an os.File returns a number, which is valid as long as the file is open.
The garbage collector closes a file when nothing refers to the os.File anymore, even if
its descriptor is still in use. After that the number is invalid or, worse, belongs to a
file that was opened in the meantime. There are four ways to get this wrong.

The descriptor outlives its file: it is returned, stored or used by a system call after
the last use of the os.File. For example, a flock on it is released at some later garbage
collection. A deferred Close in the function that returns the descriptor is the same
mistake without the delay.

The descriptor has two owners: os.NewFile(f.Fd(), name) creates a second file. When one of
them is closed or collected, the other one refers to a closed or unrelated descriptor.

The descriptor is closed without its file: after syscall.Close(int(f.Fd())), the file will
close the same number again.

A number has two owners, wherever it came from: open(2), socketpair(2), the environment or
a field. os.NewFile(n, name) creates a file that closes n, and the program also calls
close(2) on n, creates a second file from it, or calls close(2) twice. The second close
hits a file that another goroutine opened in the meantime.

Before:

	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return unix.Fdatasync(int(f.Fd()))

After:

	defer f.Close()
	conn, err := f.SyscallConn()
	if err != nil {
		return err
	}
	cerr := conn.Control(func(fd uintptr) {
		err = unix.Fdatasync(int(fd))
	})
	return errors.Join(cerr, err)

SyscallConn keeps the file open while the function runs, even if another goroutine closes
it. The deferred Close by itself only keeps it from being collected. If a lock or the
descriptor is needed for longer, return or store f itself instead of its number, or call
runtime.KeepAlive(f) after the last use of the number. If a number needs its own lifetime,
get it from syscall.Open or unix.Dup, and close it explicitly. After os.NewFile(n, name),
close only the file, not n.`,
	Fix: `The fix adds runtime.KeepAlive if the file is in a local variable and its descriptor is
only passed to calls that do not keep it, such as fsync(2). It keeps the file alive until
the end of the function or, in a loop, until the end of the call. A lock needs its
descriptor for longer: only the author can decide where that file should be kept, and
which of two owners should remain.`,
	Silence: `The pass is silent

  - if the file is used after its descriptor, also by a Close, deferred or not, or by
    runtime.KeepAlive
  - for a file that is stored, captured by a function literal or passed to another
    function, where it may be kept
  - for a file that is a parameter, or is read from a field or a variable such as
    os.Stdout, unless a second owner is created
  - for a number that is only printed
  - for a number that is only closed if no file was created from it, or if the code that
    creates the file gives the number away (fd = -1)
  - for the numbers 0 to 2

Suppress a finding if the program exits right after.`,
	References: []rule.Reference{
		{Title: "os.File.Fd", URL: "https://pkg.go.dev/os#File.Fd"},
		{Title: "runtime.KeepAlive, with this mistake as its example", URL: "https://pkg.go.dev/runtime#KeepAlive"},
		{Title: "close(2), Multithreaded processes and close(): a number that is given out again", URL: "https://man7.org/linux/man-pages/man2/close.2.html"},
	},
}

// Analyzer is the pass with the default settings, for programs that run analyzers of
// many origins, such as multichecker or nogo.
var Analyzer = New(pass.Default)

// New returns the pass as one of the suite s.
func New(s *pass.Suite) *analysis.Analyzer {
	return pass.New(s, Rule, message, fixes)
}

func message(s *pass.Speaker, f *race.Finding) string {
	use := s.Op(f.Use)
	switch f.Aspect {
	case race.HandedOut:
		return use + " lets the descriptor outlive its file: nothing refers to the os.File anymore, and the garbage collector can close it"
	case race.ClosedFirst:
		return use + " returns a descriptor that the deferred Close closes before the caller can use it"
	case race.Adopted:
		return use + " creates a second owner of the descriptor: after one of the two files is closed or collected, the other one may use the descriptor of an unrelated file"
	case race.ClosedTwice:
		return use + " closes the descriptor, and its os.File closes the same number again later: by then it may belong to an unrelated file"
	case race.SharedNumber:
		return fmt.Sprintf("%s makes a file that closes the descriptor, and so does %s: the second close may close an unrelated file", use, s.On(f.Check))
	case race.ClosedAgain:
		return fmt.Sprintf("%s closes a descriptor that %s closes too: by then its number may belong to an unrelated file", use, s.On(f.Check))
	}
	return fmt.Sprintf("%s is the last use of its file: the garbage collector may close the descriptor while %s runs", use, strings.TrimPrefix(s.On(f.Check), "the "))
}
