package fdlife_test

import (
	"testing"

	"github.com/edcacfbd/toctou/internal/passtest"
	"github.com/edcacfbd/toctou/passes/fdlife"
)

func Test(t *testing.T) {
	passtest.Run(t, fdlife.New, "a")
}
