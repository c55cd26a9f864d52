// Package toctouignore compares the suppression comments of a package with its
// findings.
package toctouignore
