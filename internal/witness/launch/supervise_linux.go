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

// supervise is one run, from its start to the end of the last of its processes.
func (r *Run) supervise(command []string, result *Result) error {
	s, err := LoadSession(r.Session)
	if err != nil {
		return err
	}
	if err := adopt(); err != nil {
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
	answered := r.answer(mem)
	limited := limit(cmd.Process.Pid, s.Timeout, stopped)
	err = cmd.Wait()
	result.TimedOut = limited()
	result.Moments = answered()
	endChildren()
	result.Spent = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
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

// adopt makes what the test binary leaves behind a child of this process, and has this
// process end if the go command dies.
func adopt() error {
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return err
	}
	return unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGTERM), 0, 0, 0)
}

// answer answers the requests of a test binary until the function that it returns is
// called, which returns the moments that the run came to.
func (r *Run) answer(mem wire.Memory) func() []Moment {
	if r.Plan == nil {
		return func() []Moment { return nil }
	}
	var done atomic.Bool
	answered := make(chan []Moment, 1)
	go func() {
		h := &helper{run: r, roots: append(privateDirs(r.Dir), r.Copies...)}
		var moments []Moment
		for !done.Load() {
			req, ok := mem.Request()
			if !ok {
				time.Sleep(100 * time.Microsecond)
				continue
			}
			m, answer := h.at(req)
			m.Refused = mem.Refused()
			moments = append(moments, m)
			mem.Answer(answer)
		}
		answered <- moments
	}()
	return func() []Moment {
		done.Store(true)
		return <-answered
	}
}

// limit ends a group of processes when it takes too long or this process is to stop,
// until the function that it returns is called, which reports whether it took too long.
func limit(pid int, timeout time.Duration, stopped <-chan os.Signal) func() bool {
	over, late := make(chan struct{}), make(chan bool, 1)
	go func() {
		tooLong := false
		timer := time.NewTimer(timeout)
		defer timer.Stop()
		var last <-chan time.Time
		for {
			select {
			case <-over:
				late <- tooLong
				return
			case <-stopped:
				_ = unix.Kill(-pid, unix.SIGKILL)
			case <-timer.C:
				tooLong = true
				_ = unix.Kill(-pid, unix.SIGQUIT) // it prints its stacks
				last = time.After(time.Second)
			case <-last:
				_ = unix.Kill(-pid, unix.SIGKILL)
			}
		}
	}()
	return func() bool {
		close(over)
		return <-late
	}
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
