// Gen copies the source of atomicfix into atomicfix.txtar.
package main

import (
	"log"
	"os"
	"path/filepath"

	"golang.org/x/tools/txtar"

	"github.com/edcacfbd/toctou/internal/helpersrc"
)

func main() {
	archive, err := helpersrc.Read(filepath.Join("..", "..", "atomicfix"))
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("atomicfix.txtar", txtar.Format(archive), 0o666); err != nil {
		log.Fatal(err)
	}
}
