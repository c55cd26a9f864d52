// The client is told, and which of the two calls has noticed makes no
// difference.
package benign

import (
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
)

func handler(path string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			http.Error(w, "not found", http.StatusNotFound)
			return
		}
		f, err := os.Open(path)
		if err != nil {
			http.Error(w, "not found", http.StatusNotFound)
			return
		}
		defer f.Close()
		io.Copy(w, f)
	}
}
