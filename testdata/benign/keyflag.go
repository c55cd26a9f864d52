// A command that makes a key where its user wants it: the user has named the
// file, and reads it when it is done.
package benign

import (
	"encoding/pem"
	"flag"
	"os"
)

var keyOut = flag.String("key", "server.key", "write the private key to `file`")

func writeKey(block *pem.Block) error {
	return os.WriteFile(*keyOut, pem.EncodeToMemory(block), 0o600)
}
