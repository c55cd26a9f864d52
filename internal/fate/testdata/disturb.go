// Package p is walked with the file vanishing before open.
package p

func stat(path string) error
func open(path string) error
func isNotExist(err error) bool

// notexist
func checked(path string) error {
	if err := stat(path); err != nil {
		return nil
	}
	return open(path)
}

// nil
func handled(path string) error {
	if err := stat(path); err != nil {
		return nil
	}
	if err := open(path); !isNotExist(err) {
		return err
	}
	return nil
}

// notexist
func eitherWay(path string) error {
	if stat(path) == nil {
		println("there")
	}
	return open(path)
}

// exit
func fatal(path string) error {
	if stat(path) != nil {
		return nil
	}
	if err := open(path); err != nil {
		panic(err)
	}
	return nil
}
