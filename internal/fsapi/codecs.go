package fsapi

import "slices"

// codecs are the functions of other modules that turn values into content that
// will be parsed again, and parse it.
var codecs = slices.Concat(
	codec("github.com/BurntSushi/toml"),
	codec("github.com/pelletier/go-toml"),
	codec("github.com/pelletier/go-toml/v2"),
	codec("gopkg.in/yaml.v2"),
	codec("gopkg.in/yaml.v3"),
	codec("go.yaml.in/yaml/v2"),
	codec("go.yaml.in/yaml/v3"),
	codec("go.yaml.in/yaml/v4"),
	codec("github.com/goccy/go-yaml"),
	codec("github.com/goccy/go-json"),
	codec("github.com/json-iterator/go"),
	codec("github.com/vmihailenco/msgpack/v5"),
	codec("github.com/fxamacker/cbor/v2"),
	[]Func{
		{Name: "github.com/BurntSushi/toml.Decode", Traits: Loads},
		{Name: "github.com/BurntSushi/toml.DecodeReader", Traits: Loads},
		{Name: "github.com/pelletier/go-toml.Load", Traits: Loads},
		{Name: "github.com/pelletier/go-toml.LoadBytes", Traits: Loads},
		{Name: "github.com/pelletier/go-toml.LoadReader", Traits: Loads},
		{Name: "(*github.com/pelletier/go-toml.Tree).Marshal", Gives: Marshalled},
		{Name: "(*github.com/pelletier/go-toml.Tree).ToTomlString", Gives: Marshalled},
		{Name: "(*github.com/pelletier/go-toml.Tree).WriteTo", Traits: Encodes},
		{Name: "gopkg.in/yaml.v2.UnmarshalStrict", Traits: Loads},
		{Name: "sigs.k8s.io/yaml.Marshal", Gives: Marshalled},
		{Name: "sigs.k8s.io/yaml.Unmarshal", Traits: Loads},
		{Name: "sigs.k8s.io/yaml.UnmarshalStrict", Traits: Loads},
		{Name: "sigs.k8s.io/yaml.JSONToYAML", Gives: Marshalled},
		{Name: "github.com/ghodss/yaml.Marshal", Gives: Marshalled},
		{Name: "github.com/ghodss/yaml.Unmarshal", Traits: Loads},
		{Name: "github.com/goccy/go-json.MarshalIndent", Gives: Marshalled},
		{Name: "github.com/json-iterator/go.MarshalIndent", Gives: Marshalled},
		{Name: "(github.com/json-iterator/go.API).Marshal", Gives: Marshalled},
		{Name: "(github.com/json-iterator/go.API).MarshalIndent", Gives: Marshalled},
		{Name: "(github.com/json-iterator/go.API).Unmarshal", Traits: Loads},
		{Name: "google.golang.org/protobuf/proto.Marshal", Gives: Marshalled},
		{Name: "google.golang.org/protobuf/proto.Unmarshal", Traits: Loads},
		{Name: "google.golang.org/protobuf/encoding/protojson.Marshal", Gives: Marshalled},
		{Name: "google.golang.org/protobuf/encoding/protojson.Unmarshal", Traits: Loads},
		{Name: "google.golang.org/protobuf/encoding/prototext.Marshal", Gives: Marshalled},
		{Name: "google.golang.org/protobuf/encoding/prototext.Unmarshal", Traits: Loads},
		{Name: "github.com/joho/godotenv.Marshal", Gives: Marshalled},
		{Name: "github.com/joho/godotenv.Parse", Traits: Loads},
		{Name: "github.com/joho/godotenv.Unmarshal", Traits: Loads},
		{Name: "github.com/spf13/viper.ReadConfig", Traits: Loads},
		{Name: "(*github.com/spf13/viper.Viper).ReadConfig", Traits: Loads},
		{Name: "(*gopkg.in/ini.v1.File).WriteTo", Traits: Encodes},
		{Name: "(*gopkg.in/ini.v1.File).WriteToIndent", Traits: Encodes},
		{Name: "k8s.io/client-go/tools/clientcmd.Load", Traits: Loads},
		{Name: "k8s.io/client-go/tools/clientcmd.Write", Gives: Marshalled},
		{Name: "golang.org/x/crypto/ssh.ParsePrivateKey", Traits: Loads},
	},
)

// codec is a package in the manner of encoding/json.
func codec(path string) []Func {
	return slices.Concat(within(path+".", marshals), within("(*"+path+".", streams))
}

// marshals are the functions of a codec.
var marshals = []Func{
	{Name: "Marshal", Gives: Marshalled},
	{Name: "Unmarshal", Traits: Loads},
	{Name: "NewEncoder", Traits: Encodes},
	{Name: "NewDecoder", Traits: Loads},
}

// streams are the methods of a codec.
var streams = []Func{
	{Name: "Encoder).Encode", Traits: Encodes},
	{Name: "Decoder).Decode", Traits: Loads},
}
