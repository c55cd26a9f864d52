package atomicfix_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/edcacfbd/toctou/atomicfix"
)

// inTemp makes a directory for an example and removes it.
func inTemp() (name func(string) string, remove func()) {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	return func(base string) string { return filepath.Join(dir, base) }, func() { os.RemoveAll(dir) }
}

func show(name string) {
	data, err := os.ReadFile(name)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", data)
}

func ExampleWriteFile() {
	in, remove := inTemp()
	defer remove()

	config := in("config.json")
	if err := atomicfix.WriteFile(config, []byte(`{"port": 80}`), 0o644); err != nil {
		log.Fatal(err)
	}
	show(config)
	// Output: {"port": 80}
}

func ExampleWriteFileMode() {
	in, remove := inTemp()
	defer remove()

	// At no time can another user read it, even if it was readable before.
	key := in("key.pem")
	if err := atomicfix.WriteFileMode(key, []byte("secret"), 0o600); err != nil {
		log.Fatal(err)
	}
	show(key)
	// Output: secret
}

func ExampleWriteReader() {
	in, remove := inTemp()
	defer remove()

	// If the download breaks off, the file stays as it was.
	download := strings.NewReader("all of it")
	if err := atomicfix.WriteReader(in("download"), download, 0o644); err != nil {
		log.Fatal(err)
	}
	show(in("download"))
	// Output: all of it
}

func ExampleWriteFunc() {
	in, remove := inTemp()
	defer remove()

	err := atomicfix.WriteFunc(in("state.json"), 0o644, func(w io.Writer) error {
		return json.NewEncoder(w).Encode([]int{1, 2, 3})
	})
	if err != nil {
		log.Fatal(err)
	}
	show(in("state.json"))
	// Output: [1,2,3]
}

func ExampleCreate() {
	in, remove := inTemp()
	defer remove()

	report := func() error {
		f, err := atomicfix.Create(in("report"))
		if err != nil {
			return err
		}
		defer f.Close() // abandons unless committed
		for i := range 3 {
			fmt.Fprintln(f, "line", i) // a failure here makes Commit fail
		}
		return f.Commit()
	}
	if err := report(); err != nil {
		log.Fatal(err)
	}
	show(in("report"))
	// Output:
	// line 0
	// line 1
	// line 2
}

func ExampleCreatePerm() {
	in, remove := inTemp()
	defer remove()

	f, err := atomicfix.CreatePerm(in("key"), 0o600)
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	f.WriteString("secret")
	if err := f.Commit(); err != nil {
		log.Fatal(err)
	}
	show(in("key"))
	// Output: secret
}

func ExampleCreateMode() {
	in, remove := inTemp()
	defer remove()

	f, err := atomicfix.CreateMode(in("token"), 0o600)
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	f.WriteString("secret")
	if err := f.Commit(); err != nil {
		log.Fatal(err)
	}
	show(in("token"))
	// Output: secret
}

func ExampleFile_Close() {
	in, remove := inTemp()
	defer remove()

	f, err := atomicfix.Create(in("f"))
	if err != nil {
		log.Fatal(err)
	}
	f.WriteString("never seen")
	err = f.Close()
	fmt.Println(errors.Is(err, atomicfix.ErrNotCommitted))
	_, err = os.Stat(in("f"))
	fmt.Println(errors.Is(err, fs.ErrNotExist))
	// Output:
	// true
	// true
}

func ExampleWriteFileExcl() {
	in, remove := inTemp()
	defer remove()

	for _, config := range []string{"default", "another default"} {
		err := atomicfix.WriteFileExcl(in("config"), []byte(config), 0o644)
		switch {
		case errors.Is(err, fs.ErrExist):
			fmt.Println("keeping what is there")
		case err != nil:
			log.Fatal(err)
		}
	}
	show(in("config"))
	// Output:
	// keeping what is there
	// default
}

func ExampleCreateExcl() {
	in, remove := inTemp()
	defer remove()

	f, err := atomicfix.CreateExcl(in("f"), 0o644)
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	io.Copy(f, bytes.NewReader([]byte("ours")))

	os.WriteFile(in("f"), []byte("theirs"), 0o644) // another was faster
	err = f.Commit()
	fmt.Println(errors.Is(err, fs.ErrExist))
	show(in("f"))
	// Output:
	// true
	// theirs
}

func ExampleOpenStat() {
	in, remove := inTemp()
	defer remove()
	os.WriteFile(in("f"), []byte("content"), 0o644)

	f, info, err := atomicfix.OpenStat(in("f"))
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	fmt.Println(info.Size(), "bytes, and f is the file that has them")
	// Output: 7 bytes, and f is the file that has them
}

func ExampleOpenRegular() {
	in, remove := inTemp()
	defer remove()

	_, _, err := atomicfix.OpenRegular(filepath.Dir(in("f")))
	fmt.Println(errors.Is(err, atomicfix.ErrNotRegular))
	// Output: true
}

func ExampleUpdate() {
	in, remove := inTemp()
	defer remove()

	for range 3 {
		err := atomicfix.Update(in("counter"), 0o644, func(old []byte) ([]byte, error) {
			n := 0
			if old != nil { // the file exists
				var err error
				if n, err = strconv.Atoi(string(old)); err != nil {
					return nil, err // and leave the file alone
				}
			}
			return strconv.AppendInt(nil, int64(n+1), 10), nil
		})
		if err != nil {
			log.Fatal(err)
		}
	}
	show(in("counter"))
	// Output: 3
}

func ExampleUpdateContext() {
	in, remove := inTemp()
	defer remove()

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	atomicfix.Update(in("f"), 0o644, func([]byte) ([]byte, error) {
		// The lock is held here, so this one waits in vain.
		err := atomicfix.UpdateContext(ctx, in("f"), 0o644, nil)
		fmt.Println(errors.Is(err, context.DeadlineExceeded))
		return nil, err
	})
	// Output: true
}

func ExampleRenameNoReplace() {
	in, remove := inTemp()
	defer remove()
	os.WriteFile(in("upload"), []byte("new"), 0o644)
	os.WriteFile(in("published"), []byte("old"), 0o644)

	err := atomicfix.RenameNoReplace(in("upload"), in("published"))
	fmt.Println(errors.Is(err, fs.ErrExist))
	show(in("published"))
	// Output:
	// true
	// old
}

func ExampleIn() {
	in, remove := inTemp()
	defer remove()

	root, err := os.OpenRoot(filepath.Dir(in("f")))
	if err != nil {
		log.Fatal(err)
	}
	defer root.Close()
	confined := atomicfix.In(root)
	fmt.Println(confined.WriteFile("f", []byte("inside"), 0o644))
	fmt.Println(confined.WriteFile("../f", []byte("outside"), 0o644) != nil)
	show(in("f"))
	// Output:
	// <nil>
	// true
	// inside
}

func ExampleWith() {
	in, remove := inTemp()
	defer remove()

	cache := atomicfix.With(atomicfix.NoSync()) // whole, and fast, but not durable
	if err := cache.WriteFile(in("cache"), []byte("can be made again"), 0o644); err != nil {
		log.Fatal(err)
	}
	show(in("cache"))

	strict := atomicfix.With(atomicfix.Strict())
	err := strict.WriteFile(os.DevNull, nil, 0o644)
	fmt.Println(errors.Is(err, atomicfix.ErrNotAtomic))
	// Output:
	// can be made again
	// true
}

func ExampleDurabilityError() {
	in, remove := inTemp()
	defer remove()

	err := atomicfix.WriteFile(in("f"), []byte("new"), 0o644)
	var undurable *atomicfix.DurabilityError
	switch {
	case errors.As(err, &undurable):
		log.Print("written, but watch the disk: ", undurable)
	case err != nil:
		log.Fatal(err)
	}
	show(in("f"))
	// Output: new
}
