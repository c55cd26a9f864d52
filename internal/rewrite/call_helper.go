package rewrite

import "github.com/edcacfbd/toctou/internal/fix"

// CallHelper has a call name a function of the helper, with the same arguments:
//
//	os.WriteFile(p, data, 0o600) // atomicfix.WriteFile(p, data, 0o600)
//
// It also returns how the function is named.
func (s *Site) CallHelper(c *Call, function string) (*Plan, string, fix.Refusal) {
	if s.Helper == "" {
		return nil, "", NoHelper
	}
	p := s.plan()
	name := p.ReplaceFunc(c, s.Helper, function)
	p, why := p.done()
	return p, name, why
}
