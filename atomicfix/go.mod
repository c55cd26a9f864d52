module github.com/edcacfbd/toctou/atomicfix

go 1.25
