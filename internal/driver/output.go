package driver

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/edcacfbd/toctou/internal/output"
)

// outputFlags adds the flags that say how and where a report is written.
func (o *options) outputFlags(fs *flag.FlagSet) {
	fs.BoolVar(&o.json, "json", false, "the same as -format=vet")
	fs.Var(&o.format, "format", "print the findings as `format`: "+strings.Join(output.Formats(), ", ")+" (default pretty on a terminal, else text)")
	fs.StringVar(&o.output, "o", "", "write the findings to `file`, atomically")
	fs.Var(&o.platforms, "platforms", "analyze for each platform in the comma-separated `list`, for example linux,windows or linux/arm64; all means each platform that the packages have files for")
	fs.BoolVar(&o.zero, "exit-zero", false, "exit with status 0 even if there are findings")
	o.color = colorAuto
	fs.Var(&o.color, "color", "color text output: `when` is auto, always or never")
}

// chooseFormat settles on a format, once the flags are known.
func (o *options) chooseFormat(terminal bool) error {
	switch {
	case o.json && o.format != "" && o.format != "vet":
		return fmt.Errorf("-json and -format=%s cannot be combined", o.format)
	case o.json:
		o.format = "vet"
	case o.format == "" && terminal && o.output == "":
		o.format = "pretty"
	case o.format == "":
		o.format = "text"
	}
	return nil
}

// write writes the report to where the flags say; dir is what the name of a
// file is relative to.
func (p *program) write(o *options, dir string, r *output.Report) error {
	if o.output == "" {
		r.Look = look(o.color, p.stdoutFile(), os.Getenv)
		return output.Write(p.stdout, string(o.format), r)
	}
	r.Look = look(o.color, nil, os.Getenv)
	var b bytes.Buffer
	if err := output.Write(&b, string(o.format), r); err != nil {
		return err
	}
	name := o.output
	if !filepath.IsAbs(name) {
		name = filepath.Join(dir, name)
	}
	if err := writeWhole(name, b.Bytes()); err != nil {
		return fmt.Errorf("-o %s: nothing was written: %w", o.output, reason(err))
	}
	return nil
}

// stdoutFile returns the file that is printed to, or nil if it is none.
func (p *program) stdoutFile() *os.File {
	file, _ := p.stdout.(*os.File)
	return file
}

// reason returns what is wrong, without the name of a file, which may be one
// that the user has never heard of.
func reason(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		return link.Err
	}
	return err
}

// writeWhole replaces the content of a file atomically: if it fails, the file has its old
// content. It writes to anything but a regular file, such as a pipe, directly.
func writeWhole(name string, data []byte) error {
	file, err := os.OpenFile(name, os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return replaceFile(name, data) //toctou:ignore existscreate a file that is there is replaced as well, below
	}
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		_, err := file.Write(data)
		return err
	}
	if target, err := filepath.EvalSymlinks(name); err == nil {
		name = target // a link stays one
	}
	return replaceFile(name, data)
}

// formatChoice is the flag -format.
type formatChoice string

// String implements flag.Value.
func (f *formatChoice) String() string { return string(*f) }

// Set implements flag.Value.
func (f *formatChoice) Set(s string) error {
	if !slices.Contains(output.Formats(), s) {
		return errors.New("want " + strings.Join(output.Formats(), ", "))
	}
	*f = formatChoice(s)
	return nil
}
