// The options of a command, filled from its flags, name the output.
package benign

import (
	"encoding/json"
	"flag"
	"os"
)

type exportOptions struct {
	Output string
	Pretty bool
}

func (o *exportOptions) register(fs *flag.FlagSet) {
	fs.StringVar(&o.Output, "output", "out.json", "where the export goes")
	fs.BoolVar(&o.Pretty, "pretty", false, "indent it")
}

func (o *exportOptions) run(v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return os.WriteFile(o.Output, data, 0o644)
}
