// Package tornwrite finds where a file that will be read back is truncated and rewritten in place.
package tornwrite
