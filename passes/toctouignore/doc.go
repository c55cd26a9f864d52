// Package toctouignore holds the suppression comments of a package against its
// findings.
package toctouignore
