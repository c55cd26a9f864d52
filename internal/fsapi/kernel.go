package fsapi

import (
	"path"
	"slices"
	"strings"
)

// KernelFile reports whether a path, or the end of one, is of a file that the kernel makes
// up: no other file can be made beside it, or renamed over it. Below /proc, /sys and /dev
// all are, elsewhere the files of a control group.
//
//	/sys/devices/system/cpu/cpufreq/policy0/scaling_governor
//	cgroup.procs
func KernelFile(text string) bool {
	for _, dir := range []string{"/proc/", "/sys/", "/dev/"} {
		if strings.HasPrefix(text+"/", dir) {
			return true
		}
	}
	name := path.Base(text)
	controller, _, dotted := strings.Cut(name, ".")
	return dotted && slices.Contains(cgroupControllers, controller) || slices.Contains(cgroupFiles, name)
}

// Of cgroups(7) and the kernel's admin-guide/cgroup-v1 and cgroup-v2.
var (
	cgroupControllers = []string{"cgroup", "cpuset", "cpuacct", "blkio", "freezer", "net_cls", "net_prio", "hugetlb", "rdma", "pids"}
	cgroupFiles       = []string{
		"notify_on_release", "release_agent",
		"memory.max", "memory.high", "memory.low", "memory.min", "memory.limit_in_bytes", "memory.swap.max",
		"cpu.max", "cpu.weight", "cpu.shares", "cpu.cfs_quota_us", "cpu.cfs_period_us",
		"io.max", "io.weight", "devices.allow", "devices.deny",
	}
)
