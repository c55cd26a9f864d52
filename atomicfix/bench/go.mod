module github.com/edcacfbd/toctou/atomicfix/bench

go 1.25

replace github.com/edcacfbd/toctou/atomicfix => ../

require (
	github.com/edcacfbd/toctou/atomicfix v0.0.0
	github.com/google/renameio/v2 v2.0.2
	github.com/moby/sys/atomicwriter v0.1.0
	github.com/natefinch/atomic v1.0.1
	golang.org/x/sys v0.26.0
)

require github.com/moby/sys/sequential v0.6.0 // indirect
