// What is written to a device goes to the device: nothing is left there to be
// mounted on, and a known node is not replaced.
package benign

import "os"

func tell(text string) error {
	f, err := os.OpenFile("/dev/kmsg", os.O_WRONLY|os.O_CREATE, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.WriteString(text)
	return err
}
