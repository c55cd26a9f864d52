// A search along the PATH is no look at a program, and one that vanishes is an
// error like any other.
package benign

import "os/exec"

func openInBrowser(url string) error {
	program, err := exec.LookPath("xdg-open")
	if err != nil {
		return nil
	}
	return exec.Command(program, url).Run()
}
