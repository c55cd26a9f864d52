// Package errors stands for one of those that add to the standard library's.
package errors

import "errors"

// Wrap adds a message.
func Wrap(err error, message string) error { return errors.Join(errors.New(message), err) }

// Is is the standard library's.
func Is(err, target error) bool { return errors.Is(err, target) }

// As is the standard library's.
func As(err error, target any) bool { return errors.As(err, target) }
