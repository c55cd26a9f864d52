package launch

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/edcacfbd/toctou/internal/witness/wire"
)

// supervise runs a test binary, answers its requests, and ends all that it has
// started.
func supervise(dir string, command []string) int {
	unix.CloseOnExec(resultFD)
	result := new(Result)
	r, err := loadRun(dir)
	if err == nil {
		err = r.supervise(command, result)
	}
	if err != nil {
		result.Problem = err.Error()
		fmt.Fprintf(os.Stderr, "toctou witness: %v\n", err)
		if result.Exit == 0 {
			result.Exit = 2
		}
	}
	text, err := json.Marshal(result)
	if err == nil {
		_, err = unix.Pwrite(resultFD, text, 0)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "toctou witness: %v\n", err)
		return 2
	}
	return result.Exit
}

func (r *Run) supervise(command []string, result *Result) error { //nolint:funlen // the steps of one run, in their order
	s, err := LoadSession(r.Session)
	if err != nil {
		return err
	}
	// What the test binary leaves behind becomes a child of this process. If the go
	// command dies, so does this.
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return err
	}
	if err := unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGTERM), 0, 0, 0); err != nil {
		return err
	}
	runtime.LockOSThread() // it is this thread whose death the test binary must not survive
	defer runtime.UnlockOSThread()
	stopped := make(chan os.Signal, 1)
	signal.Notify(stopped, unix.SIGINT, unix.SIGTERM)

	mem, err := mapLog(r.Dir)
	if err != nil {
		return err
	}
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: unix.SIGKILL}
	if err := cmd.Start(); err != nil {
		return err
	}
	pid := cmd.Process.Pid
	var done atomic.Bool
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		if r.Plan == nil {
			return
		}
		h := &helper{run: r, roots: append(privateDirs(r.Dir), r.Copies...)}
		for !done.Load() {
			if req, ok := mem.Request(); ok {
				m, answer := h.at(req)
				m.Refused = mem.Refused()
				result.Moments = append(result.Moments, m)
				mem.Answer(answer)
				continue
			}
			time.Sleep(100 * time.Microsecond)
		}
	}()
	timer := time.AfterFunc(s.Timeout, func() {
		result.TimedOut = true // read after the process has ended
		_ = unix.Kill(-pid, unix.SIGQUIT)
		time.AfterFunc(time.Second, func() { _ = unix.Kill(-pid, unix.SIGKILL) })
	})
	go func() {
		<-stopped
		_ = unix.Kill(-pid, unix.SIGKILL)
	}()
	err = cmd.Wait()
	timer.Stop()
	done.Store(true)
	<-answered
	endChildren()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		result.Exit = exit.ExitCode()
		if result.Exit < 0 {
			result.Exit = 2
		}
		return nil
	}
	return err
}

func mapLog(dir string) (wire.Memory, error) {
	f, err := os.OpenFile(filepath.Join(dir, logFile), os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return unix.Mmap(int(f.Fd()), 0, wire.Size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
}

// endChildren kills what the test binary has left behind, and what that leaves.
func endChildren() {
	for range 1000 {
		children := childrenOf(os.Getpid())
		for _, pid := range children {
			_ = unix.Kill(pid, unix.SIGKILL)
		}
		for {
			pid, err := unix.Wait4(-1, nil, unix.WNOHANG, nil)
			if err == unix.ECHILD {
				return
			}
			if pid <= 0 {
				break
			}
		}
		time.Sleep(2 * time.Millisecond)
	}
}

func childrenOf(pid int) []int {
	var list []int
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, file := range tasks {
		text, _ := os.ReadFile(file)
		for _, word := range strings.Fields(string(text)) {
			if n, err := strconv.Atoi(word); err == nil {
				list = append(list, n)
			}
		}
	}
	return list
}
