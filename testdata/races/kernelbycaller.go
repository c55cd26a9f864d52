// One of the callers names a file of the disk. A file of the kernel alone is in
// benign/strict/kernelbycaller.go.
package races

import "os"

func bothMasks(add func(string) string) error {
	if err := mask("/proc/irq/default_smp_affinity", add); err != nil {
		return err
	}
	return mask("/var/lib/tuner/mask", add)
}

func mask(file string, add func(string) string) error {
	old, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return os.WriteFile(file, []byte(add(string(old))), 0o644) // want `tornwrite: os.WriteFile truncates`
}
