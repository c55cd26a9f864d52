// The function that does it is kept in a field of the command.
package races

import "os"

type subcommand struct {
	use string
	run func(args []string) error
}

var initSubcommand = &subcommand{
	use: "init",
	run: func(args []string) error {
		path := args[0]
		if _, err := os.Stat(path); err == nil {
			return os.ErrExist
		}
		return os.WriteFile(path, nil, 0o644) // want `existscreate: os.WriteFile truncates`
	},
}
