package a

import "os"

// wholeFunction creates two files.
//
//toctou:ignore existscreate there is one writer
func wholeFunction(path, other string) error {
	if _, err := os.Stat(path); err != nil {
		return os.WriteFile(path, nil, 0o600)
	}
	if _, err := os.Stat(other); err != nil {
		return os.WriteFile(other, nil, 0o600)
	}
	return nil
}

//toctou:ignore there is one writer // want `the comment suppresses nothing: no pass finds anything in the function`
func staleFunction(path string) ([]byte, error) { return os.ReadFile(path) }

func misspelt(path string) error {
	if _, err := os.Stat(path); err != nil {
		return os.WriteFile(path, nil, 0o600) //toctou:ignore existcreate there is one writer // want `the comment suppresses nothing: there is no pass named existcreate: did you mean existscreate`
	}
	return nil
}
