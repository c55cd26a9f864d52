package benign

import "os"

// A file that is empty gets a first line, whoever has emptied it: a file that has
// appeared with a line in it is not looked at by its absence, and is added to.
func firstLine(path, line string) error {
	data, _ := os.ReadFile(path)
	if len(data) == 0 {
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
		if err != nil {
			return err
		}
		_, err = f.WriteString(line)
		if cerr := f.Close(); err == nil {
			err = cerr
		}
		return err
	}
	return nil
}
