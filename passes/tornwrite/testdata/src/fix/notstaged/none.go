package notstaged

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
)

type config struct {
	path string
	file *os.File
	w    io.Writer
}

func (c *config) load(v any) error {
	data, err := os.ReadFile(c.path)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, v)
}

// What is buffered is written when the function ends.
func (c *config) saveConfigLate(line string) error {
	f, err := os.Create(c.path) // want `truncates`
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	defer w.Flush()
	_, err = w.WriteString(line)
	return err
}

// The file is kept.
func (c *config) openConfig() error {
	f, err := os.Create(c.path) // want `truncates`
	if err != nil {
		return err
	}
	c.file = f
	return nil
}

// A writer on top of it is kept.
func (c *config) openConfigBuffered() error {
	f, err := os.Create(c.path) // want `truncates`
	if err != nil {
		return err
	}
	c.w = bufio.NewWriter(f)
	return nil
}

// Somebody wants an *os.File.
func (c *config) saveConfigWith(save func(*os.File) error) error {
	f, err := os.Create(c.path) // want `truncates`
	if err != nil {
		return err
	}
	defer f.Close()
	if err := save(f); err != nil {
		return err
	}
	return nil
}

// What fails may be the regular end.
func (c *config) saveConfigLines(r *bufio.Reader) {
	f, err := os.Create(c.path) // want `truncates`
	if err != nil {
		return
	}
	defer f.Close()
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		fmt.Fprint(f, line)
	}
}

// The program may end with the file staged.
func (c *config) saveConfigOrExit(line string) {
	f, err := os.Create(c.path) // want `truncates`
	if err != nil {
		return
	}
	defer f.Close()
	if _, err := fmt.Fprintln(f, line); err != nil {
		os.Exit(1)
	}
}

// The error of Close decides something else.
func (c *config) saveConfigBoth(r io.Reader) error {
	f, err := os.Create(c.path) // want `truncates`
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	if cerr := f.Close(); err != nil {
		err = cerr
	}
	return err
}

// The error of Sync is kept for later.
func (c *config) saveConfigSynced(line string) error {
	f, err := os.Create(c.path) // want `truncates`
	if err != nil {
		return err
	}
	defer f.Close()
	fmt.Fprintln(f, line)
	err = f.Sync()
	fmt.Println(err)
	return err
}

// A failure is no failure here.
func (c *config) saveConfigSwallowed(line string) error {
	f, err := os.Create(c.path) // want `truncates`
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := fmt.Fprintln(f, line); err != nil {
		return nil
	}
	return nil
}

type noted struct{ configPath string }

func (n *noted) load(v any) error {
	data, err := os.ReadFile(n.configPath)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, v)
}

func (n *noted) note(err error) {}

// Nobody learns of a failure to close.
func (n *noted) saveConfig(v any) {
	f, err := os.Create(n.configPath) // want `truncates`
	n.note(err)
	n.note(json.NewEncoder(f).Encode(v))
	f.Close()
}

// One way out does not pass the close.
func (n *noted) saveConfigIf(v any, ok func() bool) {
	f, err := os.Create(n.configPath) // want `truncates`
	n.note(err)
	if ok() {
		return
	}
	n.note(json.NewEncoder(f).Encode(v))
	n.note(f.Close())
}

// Part of it is written where something else fails.
func (c *config) saveConfigCounted(lines []string, count func() error) error {
	f, err := os.Create(c.path) // want `truncates`
	if err != nil {
		return err
	}
	defer f.Close()
	for _, line := range lines {
		fmt.Fprintln(f, line)
		if err := count(); err != nil {
			return err
		}
	}
	return nil
}

// The file may be whole where something else decides how the function ends.
func (c *config) saveConfigFirst(first, rest string, counts func() error) error {
	f, err := os.Create(c.path) // want `truncates`
	if err != nil {
		return err
	}
	defer f.Close()
	fmt.Fprintln(f, first)
	if rest == "" {
		return counts()
	}
	fmt.Fprintln(f, rest)
	return nil
}
