module github.com/edcacfbd/toctou

go 1.25.0

require golang.org/x/tools v0.48.0
