// The user is asked about a file that is there. One that appears while the answer is
// awaited, or the report is made, is overwritten without a question.
package races

import "os"

func exportReport(path string, make func() ([]byte, error), confirm func(string) bool) error {
	if _, err := os.Stat(path); err == nil {
		if !confirm("Replace " + path) {
			return nil
		}
	}
	report, err := make()
	if err != nil {
		return err
	}
	return os.WriteFile(path, report, 0o644) // want `existscreate: os.WriteFile truncates a file that another process creates after the os.Stat on line 8`
}

func upload(path string, body []byte, override bool) (int, error) {
	if _, err := os.Stat(path); err == nil && !override {
		return 409, nil
	}
	if err := os.WriteFile(path, body, 0o640); err != nil { // want `existscreate: os.WriteFile truncates a file that another process creates after the os.Stat on line 21`
		return 500, err
	}
	return 200, nil
}
