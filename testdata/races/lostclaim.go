// The cleanup runs for who has lost as well, and removes the winner's file.
package races

import "os"

func markRunning(path string) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = f.WriteString("running")
	}
	if err != nil {
		os.Remove(path) // want `checkact: os.Remove removes a file that another process created: the os.OpenFile on line 7`
		return err
	}
	return f.Close()
}
