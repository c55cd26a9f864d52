// A formatter rewrites the file named on its command line. The file is the
// user's source, not an output that can be produced again.
package races

import (
	"bytes"
	"flag"
	"os"
)

func formatArgument() error {
	file := flag.Arg(0)
	src, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return os.WriteFile(file, bytes.ReplaceAll(src, []byte("\t"), []byte("  ")), 0o644) // want `tornwrite: os.WriteFile truncates the file before it writes`
}

// upperCopy writes another file than it reads: that output can be made again.
func upperCopy() error {
	src, err := os.ReadFile(flag.Arg(0))
	if err != nil {
		return err
	}
	return os.WriteFile(flag.Arg(1), bytes.ToUpper(src), 0o644)
}
