// Package hostkey keeps the key by which other hosts know this one.
package hostkey

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"

	"github.com/edcacfbd/toctou/testdata/demo/paths"
)

// Ensure returns the host key in dir, and generates one on the first run.
func Ensure(dir string) (ed25519.PrivateKey, error) {
	file := filepath.Join(dir, "host.key")
	if !paths.Exists(file) {
		_, key, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			return nil, err
		}
		der, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			return nil, err
		}
		block := &pem.Block{Type: "PRIVATE KEY", Bytes: der}
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			return nil, fmt.Errorf("saving the host key: %w", err)
		}
		return key, nil
	}
	return load(file)
}

// load reads the key from file.
func load(file string) (ed25519.PrivateKey, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, fmt.Errorf("%s: no PEM block", file)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	private, ok := key.(ed25519.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("%s: not an Ed25519 key", file)
	}
	return private, nil
}
