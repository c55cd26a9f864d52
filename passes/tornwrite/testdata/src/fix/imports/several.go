package imports

import "os"
import "fmt"

func (s *state) saveSeveral(data []byte) error {
	fmt.Println(os.Args)
	return os.WriteFile(s.path, data, 0600) // want `truncates`
}
