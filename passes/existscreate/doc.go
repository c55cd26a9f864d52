// Package existscreate finds where a path is found absent, then created over whatever is there by then.
package existscreate
