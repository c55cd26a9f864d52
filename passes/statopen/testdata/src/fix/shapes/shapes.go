package shapes

import (
	"errors"
	"fmt"
	"io/fs"
	"log"
	"os"
)

type config struct{ text string }

func parse(data []byte) (*config, error) { return &config{string(data)}, nil }

func leaving(path string) (*config, error) {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return &config{}, nil
	}
	data, err := os.ReadFile(path) // want `removes the file`
	if err != nil {
		return nil, fmt.Errorf("reading: %w", err)
	}
	return parse(data)
}

func separate(path string) (*config, error) {
	_, err := os.Stat(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			// A new installation.
			log.Printf("no configuration: %v", err)
			return nil, nil
		}
		return nil, err
	}
	f, err := os.Open(path) // want `removes the file`
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return &config{f.Name()}, nil
}

func inside(path string) (*config, error) {
	if _, err := os.Stat(path); err == nil {
		data, err := os.ReadFile(path) // want `removes the file`
		if err != nil {
			return nil, err
		}
		return parse(data)
	}
	return &config{text: "default"}, nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func helper(path string) ([]byte, error) {
	if !exists(path) {
		return nil, nil
	}
	data, err := os.ReadFile(path) // want `removes the file`
	if err != nil {
		return nil, err
	}
	return data, nil
}

func loop(paths []string) ([]byte, error) {
	var all []byte
	for _, path := range paths {
		if !exists(path) {
			continue
		}
		data, err := os.ReadFile(path) // want `removes the file`
		if err != nil {
			return nil, err
		}
		all = append(all, data...)
	}
	return all, nil
}

func loopInside(paths []string) ([]byte, error) {
	var all []byte
	for _, path := range paths {
		if exists(path) {
			data, err := os.ReadFile(path) // want `removes the file`
			if err != nil {
				return nil, err
			}
			all = append(all, data...)
		}
	}
	return all, nil
}

func initialiser(path string) (err error) {
	if !exists(path) {
		return nil
	}
	var data []byte
	if data, err = os.ReadFile(path); err != nil { // want `removes the file`
		return err
	}
	fmt.Println(len(data))
	return nil
}

func fatalIfErr(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func fatal(path string) {
	if !exists(path) {
		return
	}
	data, err := os.ReadFile(path) // want `removes the file`
	fatalIfErr(err)
	fmt.Println(len(data))
}

func otherwise(path string) ([]byte, error) {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return []byte("default"), nil
	} else if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(path) // want `removes the file`
	if err != nil {
		return nil, err
	}
	return data, nil
}

func said(path string) (bool, error) {
	ok, err := existsOrFails(path)
	if err != nil || !ok {
		return ok, err
	}
	data, err := os.ReadFile(path) // want `removes the file`
	if err != nil {
		return false, err
	}
	return len(data) > 0, nil
}

func existsOrFails(path string) (bool, error) {
	_, err := os.Stat(path)
	if err == nil {
		return true, nil
	}
	if os.IsNotExist(err) {
		return false, nil
	}
	return false, err
}

func returned(path string) ([]byte, error) {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return nil, nil
	}
	return os.ReadFile(path) // want `removes the file`
}

func open(path string) (f *os.File, err error) {
	if _, err = os.Stat(path); err != nil {
		if os.IsNotExist(err) {
			log.Printf("none: %v", err)
			return nil, nil
		}
		return nil, err
	}
	// It is there.
	return os.Open(path) // want `removes the file`
}

func loadConfig(path string) (*config, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("loading: %w", err)
	}
	return parse(data)
}

func orNew(path string) (*config, error) {
	_, err := os.Stat(path)
	if err != nil && os.IsNotExist(err) {
		log.Print("a new one")
		return &config{}, nil
	}
	log.Printf("loading, looked up: %v", err)
	return loadConfig(path) // want `removes the file`
}

// The variable hides the type that the branch names.
func hidden(path string) (config, error) {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		log.Print("none")
		return config{text: "default"}, nil
	}
	var config config
	data, err := os.ReadFile(path) // want `removes the file`
	if err != nil {
		return config, err
	}
	config.text = string(data)
	return config, nil
}
