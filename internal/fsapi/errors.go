package fsapi

import "slices"

// wrappers are the functions of other modules that create, wrap and test errors.
var wrappers = slices.Concat(
	within("github.com/pkg/errors.", pkgErrors),
	within("github.com/cockroachdb/errors.", pkgErrors),
	[]Func{
		{Name: "github.com/cockroachdb/errors.AssertionFailedf", Traits: NewError},
		{Name: "github.com/cockroachdb/errors.CombineErrors", Traits: Wraps},
		{Name: "github.com/cockroachdb/errors.Join", Traits: Wraps},
		{Name: "github.com/cockroachdb/errors.Mark", Traits: Wraps},
		{Name: "github.com/cockroachdb/errors.Newf", Traits: NewError},
		{Name: "github.com/cockroachdb/errors.WithDetail", Traits: Wraps},
		{Name: "github.com/cockroachdb/errors.WithDetailf", Traits: Wraps},
		{Name: "github.com/cockroachdb/errors.WithHint", Traits: Wraps},
		{Name: "github.com/cockroachdb/errors.WithHintf", Traits: Wraps},
		{Name: "github.com/cockroachdb/errors.WithSecondaryError", Traits: Wraps},

		{Name: "github.com/juju/errors.Annotate", Traits: Wraps},
		{Name: "github.com/juju/errors.Annotatef", Traits: Wraps},
		{Name: "github.com/juju/errors.Cause", Traits: Wraps},
		{Name: "github.com/juju/errors.Errorf", Traits: NewError},
		{Name: "github.com/juju/errors.Is", Traits: TestsIs},
		{Name: "github.com/juju/errors.New", Traits: NewError},
		{Name: "github.com/juju/errors.Trace", Traits: Wraps},

		{Name: "golang.org/x/xerrors.Errorf", Traits: Wraps | NewError},
		{Name: "golang.org/x/xerrors.Is", Traits: TestsIs},
		{Name: "golang.org/x/xerrors.New", Traits: NewError},

		{Name: "go.uber.org/multierr.Append", Traits: Wraps},
		{Name: "go.uber.org/multierr.Combine", Traits: Wraps},
		{Name: "github.com/hashicorp/go-multierror.Append", Traits: Wraps | NewError},
		{Name: "github.com/hashicorp/go-multierror.Prefix", Traits: Wraps},
		{Name: "github.com/hashicorp/errwrap.Wrapf", Traits: Wraps | NewError},
	},
)

// pkgErrors are the functions of github.com/pkg/errors, and of those that
// replace it.
var pkgErrors = []Func{
	{Name: "Cause", Traits: Wraps},
	{Name: "Errorf", Traits: NewError},
	{Name: "Is", Traits: TestsIs},
	{Name: "New", Traits: NewError},
	{Name: "WithMessage", Traits: Wraps},
	{Name: "WithMessagef", Traits: Wraps},
	{Name: "WithStack", Traits: Wraps},
	{Name: "Wrap", Traits: Wraps},
	{Name: "Wrapf", Traits: Wraps},
}
