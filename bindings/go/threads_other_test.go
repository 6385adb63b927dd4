//go:build !windows

package ossup

import (
	"fmt"
	"os"
	"strings"
)

// threads is how many this process has.
func threads() (count int, err error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	_, after, _ := strings.Cut(string(status), "\nThreads:")
	_, err = fmt.Sscan(after, &count)
	return count, err
}
