// The client is told that the file exists; what appears meanwhile is truncated.
package races

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
)

func uploadHandler(dir string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		path := filepath.Join(dir, filepath.Base(r.URL.Path))
		if _, err := os.Stat(path); err == nil {
			http.Error(w, "exists", http.StatusConflict)
			return
		}
		f, err := os.Create(path) // want `existscreate: os.Create truncates`
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		defer f.Close()
		io.Copy(f, r.Body)
	}
}
