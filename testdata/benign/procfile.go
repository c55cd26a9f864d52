// The kernel makes these: nobody plants or removes them.
package benign

import (
	"bufio"
	"os"
	"strings"
)

func inContainer() (bool, error) {
	if _, err := os.Stat("/proc/self/cgroup"); os.IsNotExist(err) {
		return false, nil
	}
	f, err := os.Open("/proc/self/cgroup")
	if err != nil {
		return false, err
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if strings.Contains(s.Text(), "/docker/") {
			return true, nil
		}
	}
	return false, nil
}

func brightness(device string) ([]byte, error) {
	path := "/sys/class/backlight/" + device + "/brightness"
	if _, err := os.Stat(path); err != nil {
		return nil, nil
	}
	return os.ReadFile(path)
}
