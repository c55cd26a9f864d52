package p

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"
)

func constantName() string { return filepath.Join("/tmp", "x") }

func otherName() string { return "/tmpfiles/x" }

func processName() string { return fmt.Sprintf("/var/tmp/x-%d", os.Getpid()) }

func timeName() string {
	return filepath.Join(os.TempDir(), "x-"+strconv.FormatInt(time.Now().UnixNano()%1000, 10))
}

func givenName(name string) string { return filepath.Join(os.TempDir(), name) }

func randomName() string { return filepath.Join(os.TempDir(), rand.Text()) }

func ownName() string {
	dir, _ := os.MkdirTemp("", "x-*")
	return filepath.Join(dir, "x")
}

func besideName(path string) string {
	dir, _ := os.MkdirTemp(filepath.Dir(path), "x-*")
	return filepath.Join(dir, "x")
}

func otherSystemName() string {
	dir := "/var/lib/x"
	if runtime.GOOS == "plan9" {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "x")
}
