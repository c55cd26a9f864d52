package toctouignore_test

import (
	"testing"

	"github.com/edcacfbd/toctou/internal/passtest"
	"github.com/edcacfbd/toctou/passes/toctouignore"
)

func Test(t *testing.T) {
	passtest.Run(t, toctouignore.New, "a")
}
