package staged

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

type config struct{ path string }

func (c *config) load(v any) error {
	data, err := os.ReadFile(c.path)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, v)
}

func (c *config) saveEncoded(v any) error {
	f, err := os.Create(c.path) // want `truncates`
	if err != nil {
		return err
	}
	defer f.Close()
	enc := json.NewEncoder(f)
	enc.SetIndent("", "\t")
	return enc.Encode(v)
}

func (c *config) saveInline(v any) error {
	f, err := os.Create(c.path) // want `truncates`
	if err != nil {
		return fmt.Errorf("cannot save: %w", err)
	}
	defer f.Close()
	if err := json.NewEncoder(f).Encode(v); err != nil {
		return fmt.Errorf("cannot encode: %w", err)
	}
	return nil
}

func (c *config) saveConfigClosed(lines []string) error {
	f, err := os.Create(c.path) // want `truncates`
	if err != nil {
		return err
	}
	for _, line := range lines {
		if line == "" {
			return errors.New("an empty line")
		}
		if _, err := fmt.Fprintln(f, line); err != nil {
			_ = f.Close()
			return err
		}
	}
	return f.Close()
}

func (c *config) saveConfigBuffered(lines []string) (int, error) {
	f, err := os.Create(c.path) // want `truncates`
	if err != nil {
		return 0, err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	for _, line := range lines {
		w.WriteString(line)
	}
	if err := w.Flush(); err != nil {
		return 0, err
	}
	return len(lines), nil
}

func (c *config) saveConfigFrom(r io.Reader) error {
	f, err := os.Create(c.path) // want `truncates`
	if err != nil {
		return err
	}
	if _, err := io.Copy(f, r); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	fmt.Println("saved")
	return nil
}

func (c *config) saveConfigPlain(data []byte) error {
	f, err := os.OpenFile(c.path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666) // want `truncates`
	if err != nil {
		return err
	}
	defer func() {
		if err := f.Close(); err != nil {
			fmt.Println(err)
		}
	}()
	_, err = f.Write(data)
	return err
}

func (c *config) saveConfigPrivate(data []byte) error {
	f, err := os.OpenFile(c.path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600) // want `truncates`
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.Close()
}

func (c *config) saveConfigAs(data []byte, perm os.FileMode) error {
	f, err := os.OpenFile(c.path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, perm) // want `truncates`
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.Write(data)
	return err
}

func (c *config) saveConfigCopied(r io.Reader) error {
	f, err := os.Create(c.path) // want `truncates`
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
}

func (c *config) saveConfigKept(r io.Reader) error {
	f, err := os.Create(c.path) // want `truncates`
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	if cerr := f.Close(); cerr != nil && err == nil {
		err = cerr
	}
	if err != nil {
		return fmt.Errorf("cannot save: %w", err)
	}
	return nil
}

func (c *config) saveConfigNamed(data []byte) (err error) {
	f, err := os.Create(c.path) // want `truncates`
	if err != nil {
		return err
	}
	defer func() {
		if cerr := f.Close(); cerr != nil && err == nil {
			err = cerr
		}
	}()
	if _, err := f.Write(data); err != nil {
		return err
	}
	return nil
}

func (c *config) saveConfigSynced(data []byte) error {
	f, err := os.Create(c.path) // want `truncates`
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.Write(data); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	return f.Close()
}

func (c *config) saveConfigSyncedLast(data []byte) error {
	f, err := os.Create(c.path) // want `truncates`
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.Sync()
}

func (c *config) saveConfigQuietly(lines []string) {
	f, err := os.Create(c.path) // want `truncates`
	if err != nil {
		fmt.Println("cannot save:", err)
		return
	}
	defer f.Close()
	if len(lines) == 0 {
		return
	}
	for _, line := range lines {
		if _, err := fmt.Fprintln(f, line); err != nil {
			fmt.Println("cannot save:", err)
			return
		}
	}
}

func (c *config) saveConfigOK(line string) bool {
	f, err := os.Create(c.path) // want `truncates`
	if err != nil {
		return false
	}
	defer f.Close()
	fmt.Fprintln(f, line)
	return true
}

type noted struct {
	configPath string
	failed     bool
}

func (n *noted) load(v any) error {
	data, err := os.ReadFile(n.configPath)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, v)
}

func (n *noted) note(what any, err error) {
	if err != nil {
		fmt.Println(what, err)
		n.failed = true
	}
}

// Errors are handed on, and the program goes on.
func (n *noted) saveConfig(v any) {
	f, err := os.Create(n.configPath) // want `truncates`
	n.note(n.configPath, err)
	n.note("encoding", json.NewEncoder(f).Encode(v))
	n.note(n.configPath, f.Close())
	fmt.Println("saved")
}

// What comes after the last write may fail, and the file is written.
func (c *config) saveConfigPair(private, public []byte) error {
	f, err := os.Create(c.path) // want `truncates`
	if err != nil {
		return fmt.Errorf("cannot save: %w", err)
	}
	defer f.Close()
	if _, err := f.Write(private); err != nil {
		return err
	}

	sum, err := checksum(public)
	if err != nil {
		return err
	}
	return publish(sum)
}

func (c *config) saveConfigTold(data []byte) (int, error) {
	f, err := os.Create(c.path) // want `truncates`
	if err != nil {
		return 0, err
	}
	defer f.Close()
	n, err := f.Write(data)
	if err != nil {
		return 0, err
	}
	fmt.Println("saved")
	return n, nil
}

func checksum(data []byte) ([]byte, error) {
	if len(data) == 0 {
		return nil, errors.New("no data")
	}
	return data[:1], nil
}

func publish(sum []byte) error { return errors.New("nobody wants it") }

// The content is read again, once it is there.
func (c *config) saveConfigRead(line string) ([]byte, error) {
	f, err := os.Create(c.path) // want `truncates`
	if err != nil {
		return nil, err
	}
	defer f.Close()
	fmt.Fprintln(f, line)
	return os.ReadFile(c.path)
}
