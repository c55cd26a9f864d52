// The file is read by a callee, which finds its path in a struct of options,
// and is then truncated under the same path.
package races

import (
	"flag"
	"os"
	"strings"
)

type sealOptions struct{ source, target string }

func readSource(o sealOptions) (string, error) {
	text, err := os.ReadFile(o.source)
	return string(text), err
}

func seal(o sealOptions) error {
	text, err := readSource(o)
	if err != nil {
		return err
	}
	out, err := os.Create(o.source) // want `tornwrite: os.Create truncates the file before it writes`
	if err != nil {
		return err
	}
	defer out.Close()
	_, err = out.WriteString(strings.ToUpper(text))
	return err
}

// export writes what it has read to another file.
func export(o sealOptions) error {
	text, err := readSource(o)
	if err != nil {
		return err
	}
	return os.WriteFile(o.target, []byte(text), 0o644)
}

func sealArgument() error {
	o := sealOptions{source: flag.Arg(0), target: flag.Arg(1)}
	if err := seal(o); err != nil {
		return err
	}
	return export(o)
}
