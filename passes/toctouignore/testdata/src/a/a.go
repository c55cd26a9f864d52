// Package a suppresses findings, and what is none.
package a

import "os"

func create(path string) error {
	if _, err := os.Stat(path); err != nil {
		//toctou:ignore the directory is private to this process
		return os.WriteFile(path, nil, 0o600)
	}
	return nil
}

func forOnePass(path string) error {
	if _, err := os.Stat(path); err != nil {
		return os.WriteFile(path, nil, 0o600) //toctou:ignore existscreate there is one writer
	}
	return nil
}

func switchedOff(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return os.Chmod(dir, 0o755) //toctou:ignore writechmod strict mode alone finds this
}

func unreasoned(path string) error {
	if _, err := os.Stat(path); err != nil {
		return os.WriteFile(path, nil, 0o600) //toctou:ignore // want `the comment suppresses nothing without a reason`
	}
	return nil
}

func stale(path string) ([]byte, error) {
	return os.ReadFile(path) //toctou:ignore the file is ours // want `the comment suppresses nothing: no pass finds anything on its line`
}

func otherPass(path string) error {
	if _, err := os.Stat(path); err != nil {
		return os.WriteFile(path, nil, 0o600) //toctou:ignore pathreuse nobody else // want `the comment suppresses nothing: it names pathreuse, but the finding on its line is from existscreate`
	}
	return nil
}

func blank(path string) error {
	if _, err := os.Stat(path); err != nil {
		return os.WriteFile(path, nil, 0o600) // toctou:ignore there is one writer // want `the comment suppresses nothing because it is malformed: want //toctou:ignore REASON`
	}
	return nil
}

func colon(path string) error {
	if _, err := os.Stat(path); err != nil {
		return os.WriteFile(path, nil, 0o600) //toctou:ignore: there is one writer // want `the comment suppresses nothing because it is malformed: want //toctou:ignore REASON`
	}
	return nil
}

// toctou:ignore comments are of no use here: nope, this is prose.
func prose(path string) error { return os.Remove(path) }
