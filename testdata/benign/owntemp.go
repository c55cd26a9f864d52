// A temporary of our own, under a name that nobody can guess: another program
// rewrites it, and we read it back.
package benign

import (
	"os"
	"os/exec"
)

func editText(editor, text string) (string, error) {
	f, err := os.CreateTemp("", "edit-*.txt")
	if err != nil {
		return "", err
	}
	defer os.Remove(f.Name())
	if _, err := f.WriteString(text); err != nil {
		f.Close()
		return "", err
	}
	if err := f.Close(); err != nil {
		return "", err
	}
	if err := exec.Command(editor, f.Name()).Run(); err != nil {
		return "", err
	}
	if _, err := os.Stat(f.Name()); os.IsNotExist(err) {
		return text, nil
	}
	data, err := os.ReadFile(f.Name())
	return string(data), err
}
