package goplsbuild

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
)

// ErrUnreachable is the error if the module proxy does not answer.
var ErrUnreachable = errors.New("cannot reach the module proxy")

// goCommand runs the go command in one directory.
type goCommand struct {
	ctx context.Context
	dir string
}

// run returns what the go command prints.
func (g *goCommand) run(args ...string) ([]byte, error) {
	// The user's settings for the analyzed code do not apply here: the program is for
	// this machine, and its module is in no workspace.
	env := append(os.Environ(), "GOWORK=off", "GOFLAGS=", "GOOS="+runtime.GOOS, "GOARCH="+runtime.GOARCH)
	out, err := runProgram(g.ctx, g.dir, env, "go", args...)
	if errors.Is(err, exec.ErrNotFound) {
		return nil, errors.New("the go command is not in the PATH")
	}
	return out, err
}

// runProgram returns what a program prints. Where it fails, the error is what
// it says about that, in one line.
func runProgram(ctx context.Context, dir string, env []string, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = env
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.As(err, &exit) && stderr.Len() > 0:
		return stdout.Bytes(), explain(stderr.String())
	}
	return stdout.Bytes(), err
}

// A module is what the go command knows about a downloaded one.
type module struct {
	Version    string
	GoMod, Dir string
	Error      string
}

// download brings gopls into the module cache.
func (g *goCommand) download(version string) (*module, error) {
	out, err := g.run("mod", "download", "-json", goplsPath+"@"+version)
	m := new(module)
	if jerr := json.Unmarshal(out, m); jerr != nil {
		if err == nil {
			err = jerr
		}
		return nil, err
	}
	if m.Error != "" {
		return nil, explain(m.Error)
	}
	return m, err
}

// tooOld is how the go command puts that a module needs a newer one.
var tooOld = regexp.MustCompile(`(\S+) requires go >= (\S+) \(running go (\S+); GOTOOLCHAIN=local\)`)

// noNetwork matches errors of a network that does not answer.
var noNetwork = regexp.MustCompile(`dial tcp|proxyconnect|no such host|i/o timeout|TLS handshake|GOPROXY=off`)

// explain makes one line of what the go command says about a failure.
func explain(text string) error {
	if m := tooOld.FindStringSubmatch(text); m != nil {
		return fmt.Errorf("%s needs Go %s, but the go command is %s: update Go, set GOTOOLCHAIN=auto, or choose an older gopls with -version", m[1], m[2], m[3])
	}
	line := telling(text)
	if noNetwork.MatchString(text) {
		return fmt.Errorf("%w: %s", ErrUnreachable, line)
	}
	return errors.New(line)
}

// telling returns the first line that says what went wrong.
func telling(text string) string {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line != "" && line[0] != '#' && !strings.HasPrefix(line, "go: downloading") {
			return line
		}
	}
	return strings.TrimSpace(text)
}
