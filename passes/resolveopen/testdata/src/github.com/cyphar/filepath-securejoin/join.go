// Package securejoin stands for the real one.
package securejoin

func SecureJoin(root, unsafePath string) (string, error) { return "", nil }
