package atomicfix

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestKernelFUSE works on a file system in a process (bindfs), and on ones that
// refuse or ignore what FAT and its like do: modes and owners.
func TestKernelFUSE(t *testing.T) {
	bindfs, err := exec.LookPath("bindfs")
	if err != nil || os.Getuid() != 0 {
		t.Skip("needs bindfs, and root")
	}
	if !inNamespace(t) {
		return
	}
	for what, args := range map[string][]string{
		"plain":                        nil,
		"no modes, owners, attributes": {"--chmod-deny", "--chown-deny", "--xattr-none"},
		"modes and owners are ignored": {"--chmod-ignore", "--chown-ignore", "--xattr-none"},
		"one mode for all":             {"--chmod-deny", "--chown-deny", "--xattr-none", "-p", "0640"},
	} {
		t.Run(what, func(t *testing.T) {
			dir := t.TempDir()
			below, at := filepath.Join(dir, "below"), filepath.Join(dir, "at")
			for _, d := range []string{below, at} {
				if err := os.Mkdir(d, 0o755); err != nil {
					t.Fatal(err)
				}
			}
			if what == "modes and owners are ignored" || what == "no modes, owners, attributes" {
				// The temporary's mode is the only one that there is.
				put(t, filepath.Join(below, "f"), oldText, 0o600)
			}
			if out, err := exec.Command(bindfs, append(args, below, at)...).CombinedOutput(); err != nil {
				t.Skipf("%v: %s", err, out)
			}
			defer func() {
				if out, err := exec.Command("umount", at).CombinedOutput(); err != nil {
					t.Errorf("%v: %s", err, out)
				}
			}()
			testVerbs(t, at)
		})
	}
}
