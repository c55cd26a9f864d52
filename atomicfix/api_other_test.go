//go:build !unix

package atomicfix

import "errors"

func isLoop(err error) bool { return errors.Is(err, errLoop) }
