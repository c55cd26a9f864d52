// Agent is a small daemon: it has a configuration, a host key, a cache of
// tokens, a record of its jobs, and a log that it ships.
package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"flag"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/edcacfbd/toctou/testdata/demo/config"
	"github.com/edcacfbd/toctou/testdata/demo/hostkey"
	"github.com/edcacfbd/toctou/testdata/demo/jobs"
	"github.com/edcacfbd/toctou/testdata/demo/logship"
	"github.com/edcacfbd/toctou/testdata/demo/paths"
	"github.com/edcacfbd/toctou/testdata/demo/tokens"
)

func main() {
	logFile := flag.String("log", "/var/log/agent.log", "the log `file` to ship")
	flag.Parse()
	if err := run(*logFile); err != nil {
		log.Fatal(err)
	}
}

func run(logFile string) error {
	dir, err := paths.ConfigDir()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	cfg, err := config.Load(filepath.Join(dir, "agent.json"))
	if err != nil {
		return err
	}
	key, err := hostkey.Ensure(dir)
	if err != nil {
		return err
	}
	cache, err := tokens.Open(filepath.Join(dir, "tokens.json"))
	if err != nil {
		return err
	}
	if _, ok := cache.Get(cfg.Upstream); !ok {
		token := tokens.Token{Value: newToken(key), Expires: time.Now().Add(time.Hour)}
		if err := cache.Put(cfg.Upstream, token); err != nil {
			return err
		}
	}
	state, err := jobs.Load(dir)
	if err != nil {
		return err
	}
	for shipper := logship.New(logFile); ; time.Sleep(cfg.Interval) {
		if err := shipper.Ship(os.Stdout); err != nil {
			return err
		}
		if err := state.Finish(dir, "ship"); err != nil {
			return err
		}
	}
}

// newToken returns a token that proves who we are.
func newToken(key ed25519.PrivateKey) string {
	now := time.Now().UTC().Format(time.RFC3339)
	return now + "." + base64.RawURLEncoding.EncodeToString(ed25519.Sign(key, []byte(now)))
}
