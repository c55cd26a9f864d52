// A file that the user has named as the output: it is made anew whenever it is
// asked for.
package benign

import (
	"encoding/json"
	"flag"
	"os"
)

func exportResults(results any) error {
	output := flag.String("o", "", "write the results to `file`")
	flag.Parse()
	f, err := os.Create(*output)
	if err != nil {
		return err
	}
	if err := json.NewEncoder(f).Encode(results); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
