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
	Between: "the descriptor can be closed, and its number given to another file",
	Doc: `The Fd method of an os.File yields a number. The number is good as long as the
file is open, and the garbage collector closes a file once nothing refers to it,
even if its descriptor is still in use. After that the number is invalid, or
worse: it is that of a file which was opened meanwhile. Four mistakes lead there.

The descriptor outlives its file: it is returned, stored or used by a system
call after the last use of the os.File. A flock on it is released at some later
garbage collection. A deferred Close in the function that returns the descriptor
is the same mistake without the wait.

The descriptor has two owners: os.NewFile(f.Fd(), name) makes a second file, and
when one of the two is closed or collected, the other has a stranger's
descriptor.

The descriptor is closed behind its file's back: after syscall.Close(int(f.Fd()))
the file will close the same number again.

A number has two owners wherever it came from, open(2), socketpair(2), the
environment or a field: os.NewFile(n, name) makes a file that closes n, and the
program also calls close(2) on n, makes a second file of it, or calls close(2)
twice. The second close hits what another goroutine has opened meanwhile.

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

SyscallConn keeps the file open while the function runs, even if another
goroutine closes it. The deferred Close alone keeps it from being collected.
Where a lock or the descriptor is needed for longer, return or store f itself,
not its number, or call runtime.KeepAlive(f) after the last use of the number. A
number that must have a life of its own comes from syscall.Open, or is a copy by
unix.Dup, for somebody to close. After os.NewFile(n, name) only the file is
closed, not n.`,
	Fix: `Where the file is in a local variable, and its descriptor goes only to calls
that are done with it when they return, such as fsync(2), runtime.KeepAlive keeps
the file to the end of the function, in a loop to the end of the call. A lock
needs its descriptor for longer: where that file is to live, and which of two
owners is to stay, is for the author to say.`,
	Silence: `It is silent where the file is used after its descriptor, a Close, deferred or
not, and runtime.KeepAlive included; for a file that is stored, captured by a
function literal or handed to another function, for it may be kept there; a file
that the function was given, or that it reads from a field or a variable such as
os.Stdout, for somebody else has it, unless a second owner is made; a number that
is only printed; a number that is closed only where no file was made of it, or
where the one who makes the file has given it away (fd = -1); the numbers 0 to 2.

Suppress it where the program ends right after.`,
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
		return use + " hands out a descriptor that is closed when its file is collected: nothing refers to the file any more"
	case race.ClosedFirst:
		return use + " yields a descriptor that the deferred Close closes before the caller has it"
	case race.Adopted:
		return use + " makes a second owner of the descriptor: when one of the two files is closed or collected, the other is left with a stranger's"
	case race.ClosedTwice:
		return use + " closes the descriptor behind the back of its file, which closes the number again when somebody else may have it"
	case race.SharedNumber:
		return fmt.Sprintf("%s makes a file that closes its number, and so does %s: the second of the two closes what another file has by then", use, s.On(f.Check))
	case race.ClosedAgain:
		return fmt.Sprintf("%s closes the number that %s closes: it may be another file's by then", use, s.On(f.Check))
	}
	return fmt.Sprintf("%s is the last use of its file, which may be collected, and its descriptor closed, while %s runs", use, strings.TrimPrefix(s.On(f.Check), "the "))
}
