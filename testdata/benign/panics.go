// A program that panics over an absent file panics over a vanished one.
package benign

import "os"

func mustLoad(path string) []byte {
	if _, err := os.Stat(path); err != nil {
		panic(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	return data
}
