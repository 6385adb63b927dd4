// Package ossup uploads files to Alibaba Cloud OSS and survives failures: the same call again goes on where the last one
// stopped.
//
// It stands on libossup's queue alone: C never calls Go. However many uploads a client has, one goroutine waits for what
// they tell, and it takes one thread.
//
// CGO_LDFLAGS says where the linker finds libossup, such as -L/opt/ossup/lib.
package ossup

// #cgo CFLAGS: -I${SRCDIR}/../../include
// #cgo LDFLAGS: -lossup
// #include <ossup.h>
import "C"

import "fmt"

// Version is the library's, such as "0.1.0".
func Version() string {
	return C.GoString(C.ossup_version())
}

// misfit says why the library that was loaded is not the one that this package was made for; nil when it is.
var misfit = compare(uint32(C.ossup_abi_version()), C.OSSUP_ABI_VERSION)

func compare(found, wanted uint32) error {
	if found == wanted {
		return nil
	}
	return fmt.Errorf("ossup: the library has binary interface %d, this package needs %d", found, wanted)
}
