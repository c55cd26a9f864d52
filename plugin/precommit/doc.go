// Package precommit tests .pre-commit-hooks.yaml on the real pre-commit.
package precommit
