package race

import (
	"go/constant"
	"go/types"
	"path"
	"slices"
	"strings"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// A need is what must hold in a program for a key to be one path wherever it is met.
type need struct {
	packages []string // they are analyzed: what other modules do with the path is not known
	fields   []string // only the package of the type decides what is in them; see joined.holds
	funcs    []string // they return the same path each time
	relative bool     // the program does not change its working directory
}

// keys knows paths by what other packages know them by, too: an identity (see
// identities) has to be good enough in one package only, where "state.json" is one file.
//
//	os.WriteFile(cfg.Path, text, 0o600)              // field example.com/conf.Config.Path
//	os.ReadFile(conf.StateFile)                      // variable example.com/conf.StateFile
//	os.ReadFile(conf.File())                         // function example.com/conf.File
//	os.ReadFile(filepath.Join(dir, conf.Name))       // constant example.com/conf.Name
//	os.ReadFile("/etc/app/state.json")               // path /etc/app/state.json
//	os.ReadFile(filepath.Join(cfg.Dir, id+".json"))  // shape, as shape has it
//	os.ReadFile(conf.FileOf(name))                   // shape
//
//	os.ReadFile(filepath.Join(dir, "state.json"))    // nothing: each package has such a file
type keys struct {
	num       *fspath.Numbering
	constants map[string][]string // by text, the exported constants of that text that the package names
	needs     map[string]need     // by key
	known     map[*fspath.Value][]string
}

func newKeys(ops *pathops.Result, info *types.Info) *keys {
	k := &keys{
		num:       ops.Numbers,
		constants: make(map[string][]string),
		needs:     make(map[string]need),
		known:     make(map[*fspath.Value][]string),
	}
	if ops.Numbers == nil {
		return k
	}
	note := func(obj types.Object) {
		c, ok := obj.(*types.Const)
		if !ok || !c.Exported() || c.Pkg() == nil {
			return
		}
		if c.Parent() != c.Pkg().Scope() || c.Val().Kind() != constant.String {
			return
		}
		text, name := constant.StringVal(c.Val()), c.Pkg().Path()+"."+c.Name()
		if text != "" && !slices.Contains(k.constants[text], name) {
			k.constants[text] = append(k.constants[text], name)
		}
	}
	for _, obj := range info.Uses {
		note(obj)
	}
	for _, names := range k.constants {
		slices.Sort(names)
	}
	return k
}

// of returns the keys of a path.
func (k *keys) of(v *fspath.Value) []string {
	list, ok := k.known[v]
	if !ok {
		list = k.find(v)
		k.known[v] = list
	}
	return list
}

func (k *keys) find(v *fspath.Value) []string {
	switch v.Kind {
	case fspath.Field:
		return k.field(v.Owner, v.Name)
	case fspath.Global:
		return k.add("variable "+v.Name, need{packages: []string{packageOf(v.Name)}})
	case fspath.Unique, fspath.Chosen:
		if list := k.returned(v); list != nil {
			return list
		}
		return k.shaped(v)
	case fspath.Const:
		if path.IsAbs(v.Name) && path.Clean(v.Name) != "/" {
			return k.add("path "+path.Clean(v.Name), need{})
		}
		return k.named(v, v)
	case fspath.Pure:
		if row := fsapi.Lookup(v.Name); row.Has(fsapi.Respells) && len(v.Args) > 0 {
			return k.of(v.Args[0])
		}
		last := v
		for len(last.Args) > 0 && last.Kind == fspath.Pure {
			last = last.Args[len(last.Args)-1]
		}
		return append(k.named(v, last), k.shaped(v)...)
	}
	return nil
}

// add returns a key, and records what it needs.
func (k *keys) add(key string, n need) []string {
	k.needs[key] = n
	return []string{key}
}

// field returns the key of a field, given the type that it is of.
func (k *keys) field(owner, name string) []string {
	if packageOf(owner) == "" || name == "" || strings.HasPrefix(owner, "struct{") {
		return nil
	}
	field := owner + "." + name
	return k.add("field "+field, need{packages: []string{packageOf(owner)}, fields: []string{field}})
}

// returned returns the key of a path that a function without parameters returns.
func (k *keys) returned(v *fspath.Value) []string {
	call := callOf(v)
	if call == nil {
		return nil
	}
	fn := fspath.Callee(call.Common())
	if fn == nil || fn.Pkg() == nil || call.Common().IsInvoke() {
		return nil
	}
	if fn.Signature().Params().Len() > 0 || k.num.RowOf(fn) != nil {
		return nil
	}
	return k.add("function "+fn.FullName(), need{packages: []string{fn.Pkg().Path()}, funcs: []string{fn.FullName()}})
}

// named returns the keys of a path whose last element is an exported constant, given
// the last part that it is computed from.
//
//	filepath.Join(dir, conf.Name)
//	dir + "/" + conf.Name
func (k *keys) named(v, last *fspath.Value) []string {
	if last.Kind != fspath.Const {
		return nil
	}
	var list []string
	for _, text := range slices.Compact([]string{last.Name, tail(v)}) {
		for _, name := range k.constants[text] {
			n := need{packages: []string{packageOf(name)}, relative: relative(v)}
			key := "constant " + name
			if n.relative {
				key += " in the working directory"
			}
			list = append(list, k.add(key, n)...)
		}
	}
	return list
}

// shaped returns the key of a path of an entry of a store; see shape. An entry whose
// name is whatever a caller chooses is any file there:
//
//	filepath.Join(cfg.Dir, "cache", name)
func (k *keys) shaped(v *fspath.Value) []string {
	if elems := v.Joined(); len(elems) > 0 {
		switch elems[len(elems)-1].Kind {
		case fspath.Param, fspath.Field:
			return nil
		}
	}
	var n need
	s := shaping{num: k.num, across: &n}
	text := s.text(v)
	if s.unknown || !s.store || !s.entry {
		return nil
	}
	return k.add("shape "+text, n)
}

// parts lists the fields and the variables that a path is computed from.
func (k *keys) parts(v *fspath.Value) []string {
	var list []string
	switch v.Kind {
	case fspath.Field:
		list = append(list, v.Owner+"."+v.Name)
	case fspath.Global:
		list = append(list, v.Name)
	case fspath.Pure:
		for _, a := range v.Args {
			list = append(list, k.parts(a)...)
		}
	}
	return list
}

// packageOf returns the path of the package that an object of it is named by, or "".
//
//	example.com/conf.Config      // example.com/conf
//	example.com/conf.Set[K, V]   // example.com/conf
func packageOf(name string) string {
	name, _, _ = strings.Cut(name, "[")
	dot := strings.LastIndexByte(name, '.')
	if dot <= strings.LastIndexByte(name, '/') {
		return ""
	}
	return name[:dot]
}
