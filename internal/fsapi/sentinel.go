package fsapi

// ErrClass is what an error says about the existence of an object.
type ErrClass uint8

// The classes of errors.
const (
	_        ErrClass = iota
	NotExist          // nothing is there
	Exist             // something is there
)

// Sentinel returns the class of the error value with the full name, 0 if it is
// not about existence. Errors that are not variables but constants, such as
// syscall.ENOENT, are values too.
func Sentinel(name string) ErrClass { return sentinels[name] }

var sentinels = map[string]ErrClass{
	"io/fs.ErrNotExist": NotExist,
	"os.ErrNotExist":    NotExist,
	"syscall.ENOENT":    NotExist,

	"syscall.ERROR_FILE_NOT_FOUND": NotExist,
	"syscall.ERROR_PATH_NOT_FOUND": NotExist,

	"golang.org/x/sys/unix.ENOENT":                  NotExist,
	"golang.org/x/sys/windows.ERROR_FILE_NOT_FOUND": NotExist,
	"golang.org/x/sys/windows.ERROR_PATH_NOT_FOUND": NotExist,

	"github.com/spf13/afero.ErrFileNotFound": NotExist,

	"io/fs.ErrExist": Exist,
	"os.ErrExist":    Exist,
	"syscall.EEXIST": Exist,

	"syscall.ERROR_ALREADY_EXISTS": Exist,
	"syscall.ERROR_FILE_EXISTS":    Exist,

	"golang.org/x/sys/unix.EEXIST":                  Exist,
	"golang.org/x/sys/windows.ERROR_ALREADY_EXISTS": Exist,
	"golang.org/x/sys/windows.ERROR_FILE_EXISTS":    Exist,

	"github.com/spf13/afero.ErrFileExists": Exist,
}
