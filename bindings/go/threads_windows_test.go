package ossup

import (
	"syscall"
	"unsafe"
)

// threads is how many this process has.
func threads() (int, error) {
	all, err := syscall.CreateToolhelp32Snapshot(syscall.TH32CS_SNAPPROCESS, 0)
	if err != nil {
		return 0, err
	}
	defer syscall.CloseHandle(all)
	process := syscall.ProcessEntry32{Size: uint32(unsafe.Sizeof(syscall.ProcessEntry32{}))}
	for err = syscall.Process32First(all, &process); err == nil; err = syscall.Process32Next(all, &process) {
		if process.ProcessID == uint32(syscall.Getpid()) {
			return int(process.Threads), nil
		}
	}
	return 0, err
}
