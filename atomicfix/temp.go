package atomicfix

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
)

// Temporaries are hidden, so that a pattern such as *.conf does not pick one
// up, and their names do not grow with the target's, so that a target whose
// name has the 255 bytes of NAME_MAX works.
const (
	tempPrefix = ".atomicfix-"
	tempSuffix = ".tmp"
)

var errNoTempName = errors.New("no free name for a temporary file")

// tempName has 130 random bits: nobody can guess it and lie in wait.
func tempName() string { return tempPrefix + rand.Text() + tempSuffix }

// createTemp makes an empty file beside the target, with O_EXCL.
func (x *FS) createTemp(t *target, perm fs.FileMode) (f *os.File, base string, err error) {
	for range maxTries {
		base = tempName()
		f, err = x.sys.create(t.dir, base, t.name, perm)
		if !errors.Is(err, fs.ErrExist) {
			return f, base, err
		}
	}
	return nil, "", errNoTempName
}
