module github.com/edcacfbd/toctou/atomicfix

go 1.25

require golang.org/x/sys v0.23.0
