// Without a certificate it serves plainly; with one that vanishes it fails.
package races

import (
	"crypto/tls"
	"os"
)

func certificate(certFile, keyFile string) (*tls.Certificate, error) {
	if _, err := os.Stat(certFile); os.IsNotExist(err) {
		return nil, nil
	}
	pair, err := tls.LoadX509KeyPair(certFile, keyFile) // want `statopen: crypto/tls.LoadX509KeyPair fails if another process removes the file|statopen: tls.LoadX509KeyPair fails if another process removes the file`
	if err != nil {
		return nil, err
	}
	return &pair, nil
}
