package fsapi

// VariableOrigin returns where the value of the package-level variable with
// the full name comes from, 0 if nothing is known.
func VariableOrigin(name string) Origin { return origins[name] }

var origins = map[string]Origin{
	"os.Args": Argument,

	"github.com/adrg/xdg.Home":       UserDir,
	"github.com/adrg/xdg.CacheHome":  UserDir,
	"github.com/adrg/xdg.ConfigHome": UserDir,
	"github.com/adrg/xdg.DataHome":   UserDir,
	"github.com/adrg/xdg.StateHome":  UserDir,
	"github.com/adrg/xdg.RuntimeDir": UserDir,
}
